// The header of a file in a tar archive (ustar).

/** 512 bytes that announce a regular file of `size` bytes. */
export function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(sizeField(size), 124);
  header.write("14000000000\0", 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function sizeField(size: number): string {
  if (size >= 8 ** 11) throw new RangeError(`A ustar header holds sizes below 8 GiB, got ${size}.`);
  return `${size.toString(8).padStart(11, "0")}\0`;
}
