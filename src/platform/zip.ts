/** A ZIP archive of a few files, not compressed: proofs are PDF and images already. Format: PKWARE APPNOTE 6.3, UTF-8 names. */
import { crc32 } from 'node:zlib'

export interface ZipEntry {
  /** Path inside the archive, with `/`; made by us. */
  name: string
  bytes: Uint8Array
}
export const ZIP_TYPE = 'application/zip'

/** The archive; `at` dates every entry, so that the same entries give the same bytes. Below 4 GB and 65 535 entries. */
export function zip(entries: readonly ZipEntry[], at: Date): Uint8Array<ArrayBuffer> {
  if (entries.length > 0xffff) throw new RangeError('too many entries for a plain ZIP')
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const { name, bytes } of entries) {
    const label = Buffer.from(name, 'utf8')
    // What both headers share: version 2.0, UTF-8 names, stored, time, date, CRC, sizes, lengths.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x0800, 2)
    common.writeUInt16LE(0, 4)
    common.writeUInt16LE(time, 6)
    common.writeUInt16LE(date, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(label.length, 22)
    common.writeUInt16LE(0, 24)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, label, bytes)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, label)
    offset += 30 + label.length + bytes.length
    if (offset > 0xffff_ffff) throw new RangeError('too large for a plain ZIP')
  }
  const size = directory.reduce((n, d) => n + d.length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]))
}
