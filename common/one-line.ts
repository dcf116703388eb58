// The one line: text of somebody else, made fit for a log, an error message or an annotation.

/**
 * Text as one printable line of at most `limit` characters; a cut is marked with "…".
 * Passwords in URLs (`//user:password@host`) are taken out: error texts of other programs quote them.
 */
export function oneLine(text: string, limit = 500): string {
  const read = text.slice(0, limit * 8);
  // The cut may have taken away the "@" by which a password is known.
  const line = (read.length < text.length ? read.replace(/\/\/[^\s/@]*$/, "//") : read)
    .replace(/\/\/[^\s/@]*@/g, "//")
    .replace(/[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ")
    .trim();
  const characters = Array.from(line);
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join("")}…`;
}
