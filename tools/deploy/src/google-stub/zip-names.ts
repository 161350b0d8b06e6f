/** Before each entry of a zip's list of contents. */
const entryMark = Buffer.from('PK\u0001\u0002', 'latin1');
/** Where in an entry its lengths and its name are. */
const [nameLengthAt, extraLengthAt, commentLengthAt, nameAt] = [28, 30, 32, 46];

/** The files of a zip, from the list of contents at its end; folders are left out. */
export function zipNames(zip: Buffer): readonly string[] {
  const names: string[] = [];
  let at = zip.indexOf(entryMark);
  while (at !== -1 && zip.subarray(at, at + entryMark.length).equals(entryMark)) {
    const nameEnd = at + nameAt + zip.readUInt16LE(at + nameLengthAt);
    names.push(zip.toString('utf8', at + nameAt, nameEnd));
    at = nameEnd + zip.readUInt16LE(at + extraLengthAt) + zip.readUInt16LE(at + commentLengthAt);
  }
  return names.filter((name) => !name.endsWith('/')).sort();
}
