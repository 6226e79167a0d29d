import {z} from 'zod'
import {isSafeAddress} from '../base/safe-address.ts'

const template = z.string().min(1)
const regexp = z.string().refine(isRegExp, 'is not a regular expression')
/** The key of a value in an object; dots lead into objects below: `dist.url`. */
const key = z.string().min(1)
const address = z
  .string()
  .refine(isSafeAddress, 'is no web address: write https://…; http:// is for this machine alone')

/** An executable of a toolchain. */
const executable = z.strictObject({
  /** Path inside the unpacked archive. */
  path: template,
  /** The interpreter that runs it, where it is not a program of the platform. */
  runtime: z.enum(['node']).optional(),
})

export const executables = z.record(
  z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'is no name of an executable'),
  executable,
)

const npmSource = z.strictObject({
  kind: z.literal('npm'),
  /** Package whose versions and dist-tags are the toolchain's. */
  package: template,
  /** Package that holds the artifact, where that is another one, such as `@esbuild/{os}-{arch}`. */
  artifact: template.optional(),
  /** How the packages name a version, where that is not the compiler's own way: `{version}-0`. Other names are passed over. */
  packageVersion: z
    .string()
    .regex(/^[^{}]*\{version\}[^{}]*$/, 'has to have {version} in it, once, and nothing else in braces')
    .optional(),
  /** `required`: what its registry did not sign is not installed. */
  verify: z.enum(['required']).optional(),
})

const directorySource = z.strictObject({
  kind: z.literal('directory'),
  /**
   * Folder with an `index.json` and `blobs/`: absolute, relative to the definition's file, or `{package}/…` in
   * this package. Loading makes it absolute.
   */
  path: template,
})

/** How versions are written, where that is not as they are called here. */
const naming = {
  /** Stripped from each name, such as `v` or `go`; names without it are passed over. */
  prefix: z.string().min(1).optional(),
  /**
   * What the rest must look like; names that don't are passed over. Group `version` is the version, or it is made of
   * the groups `major`, `minor`, `patch` and `pre`: `1.21rc2` becomes `1.21.0-rc.2`.
   */
  pattern: regexp.optional(),
}

/** Publishers' signatures: verified, or declared as something that is not. */
const signature = z.union([
  z.strictObject({
    minisign: z.strictObject({
      /** The second line of the publisher's `minisign.pub`. */
      publicKey: z.string().regex(/^RW[A-Za-z0-9+/]{54}$/, 'is no public key of minisign'),
      /** Where an archive's signature is, such as `{url}.minisig`. */
      url: template,
    }),
  }),
  z.strictObject({
    /** A kind that is not verified here: `gpg`, `cosign`, `sigstore`. */
    unsupported: z.string().min(1),
  }),
])

/** What the archives of a source are like. */
const archives = {
  /** How many leading directories of every entry are dropped: 1 unless it says otherwise. */
  strip: z.int().nonnegative().optional(),
  signature: signature.optional(),
  /** The executables of the archives from here, where they are not those of the other sources. */
  executables: executables.optional(),
}

const byKey = z.strictObject({key})

const indexSource = z.strictObject({
  kind: z.literal('index'),
  /** A JSON document that lists versions. */
  url: address,
  versions: z.strictObject({
    /** Key of the object or array that holds the versions; absent: the document itself. */
    at: key.optional(),
    /** Key of the version in each of them; absent: the keys of the object, or the texts in the array. */
    key: key.optional(),
    ...naming,
    /** Names that are passed over. */
    skip: z.array(z.string()).optional(),
    /** Keys that are moving names, such as `master`: each is a tag that means the version which `key` leads to. */
    channels: z.array(z.string()).optional(),
    /** What marks a release: others are installed only by their exact name. */
    stable: z
      .strictObject({
        key,
        /** The value of a release, as text; absent: `true`. */
        is: z.string().optional(),
      })
      .optional(),
    /** Key of the date of release. */
    released: key.optional(),
    /**
     * Lines of long-term releases: the key of a line's name (no text: none), and the tag that stands for all. With `lts` and a
     * line `Jod` the tags are `lts`, `lts/*`, `lts/-1` (the line before the newest), `lts/jod` and `jod`.
     */
    lines: z.strictObject({key, tag: z.string().min(1)}).optional(),
  }),
  /** In `url`, `file` and `digest`, `{version}` is the version, `{name}` what the index calls it, `{file}` the archive's name. */
  artifact: z.strictObject({
    /** Key of a version's entry that holds what there is for the platform, such as `{target}`. */
    at: template.optional(),
    /** Where that is an array: what the fields of the right one are, such as `{"os": "{goos}", "kind": "archive"}`. */
    match: z.record(z.string(), template).optional(),
    url: z.union([byKey, template]),
    /** The archive's name, by which its format is known; absent: the last part of its address. */
    file: z.union([byKey, template]).optional(),
    /** Key of its size in bytes. */
    size: key.optional(),
    /** Its digest in hexadecimal: by key, in a file of checksums, or nowhere: then what comes the first time is taken as it is. */
    digest: z.union([byKey, z.strictObject({checksums: template}), z.literal('none')]),
  }),
  ...archives,
})

const githubSource = z.strictObject({
  kind: z.literal('github'),
  /** `owner/name`. */
  repository: z.string().regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9_.-]+$/, 'is no name of a repository: owner/name'),
  /** Where the API is, for GitHub Enterprise; absent: https://api.github.com. */
  api: address.optional(),
  ...naming,
  /** Name of the file of a release, with `{version}`, `{name}` (the tag) and what the platform has. */
  asset: template,
  /**
   * Where GitHub tells no digest: the file of the release that holds checksums, or nowhere: then what comes the first
   * time is taken as it is.
   */
  digest: z.union([z.strictObject({checksums: template}), z.literal('none')]).optional(),
  ...archives,
})

/** A place that lists versions and hands out archives. */
export const source = z.discriminatedUnion('kind', [npmSource, directorySource, indexSource, githubSource])

export type SourceDefinition = z.infer<typeof source>
export type NpmSourceDefinition = z.infer<typeof npmSource>
export type DirectorySourceDefinition = z.infer<typeof directorySource>
export type IndexSourceDefinition = z.infer<typeof indexSource>
export type GithubSourceDefinition = z.infer<typeof githubSource>
export type SignatureDefinition = z.infer<typeof signature>
export type ExecutableDefinition = z.infer<typeof executable>

export function isRegExp(text: string): boolean {
  try {
    new RegExp(text, 'u')
    return true
  } catch {
    return false
  }
}
