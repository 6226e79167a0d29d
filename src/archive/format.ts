/** The archive formats that can be unpacked. */
export const archiveFormats = ['tar.gz'] as const
export type ArchiveFormat = (typeof archiveFormats)[number]
