// The closest word: what somebody may have meant who mistyped one.

/** The word at the smallest distance, if that is small for the length of what was typed. */
export function closest(typed: string, words: Iterable<string>): string | undefined {
  let best: { word: string; distance: number } | undefined;
  // What is far longer than any word is no typing error.
  const text = typed.slice(0, 100).toLowerCase();
  const most = Math.max(1, Math.floor(text.length / 3));
  for (const word of words) {
    if (Math.abs(word.length - text.length) > most) continue;
    const away = distance(text, word.toLowerCase());
    if (away <= most && away < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { word, distance: away };
  }
  return best?.word;
}

/** "Did you mean …?" with a space before it; "" where nothing is close. */
export function hint(typed: string, words: Iterable<string>): string {
  const word = closest(typed, words);
  return word === undefined ? "" : ` Did you mean ${word}?`;
}

/** Of Damerau and Levenshtein, where two neighbours that changed places are one mistake. */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[other.length] ?? 0;
}
