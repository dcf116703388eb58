// The table: columns side by side where the terminal is wide enough for them, else one row below the other.
import { printable, type Span, type Words } from "./span.ts";
import { cut, pad, widthOf } from "./width.ts";
import { type Line, wrap } from "./wrap.ts";

export interface Column {
  head: string;
  /** It may be cut to so many columns; left out: it is never cut. */
  least?: number;
  /** Where it is cut; left out: at the end. */
  cut?: "end" | "middle";
  align?: "right";
}

export interface Row {
  cells: readonly (string | Span)[];
  /** Said below the row. */
  below?: Words;
}

export interface Table {
  columns: readonly Column[];
  rows: readonly Row[];
}

const gap = 2;

/** Lines of at most `width` columns (null: as wide as it comes). A table without rows has no lines. */
export function tableLines({ columns, rows }: Table, width: number | null): Line[] {
  if (rows.length === 0) return [];
  const clean = rows.map(({ cells, below }) => ({ cells: columns.map((_, at) => cell(cells[at])), below }));
  const natural = columns.map(({ head }, at) =>
    clean.reduce((most, { cells }) => Math.max(most, widthOf(cells[at]?.text ?? "")), widthOf(head)),
  );
  const widths = fittingWidths(columns, natural, width);
  return widths === null ? cards(columns, clean, width) : grid(columns, clean, { widths, width });
}

function cell(one: string | Span | undefined): Span {
  const { text, role } = typeof one === "string" ? { text: one, role: null } : (one ?? { text: "", role: null });
  return { text: printable(text) || "-", role };
}

interface CleanRow {
  cells: Span[];
  below: Words | undefined;
}

/** The widest column that may be cut gives way first; null: they do not fit whatever is cut. */
function fittingWidths(columns: readonly Column[], natural: readonly number[], width: number | null): number[] | null {
  if (width === null) return [...natural];
  const widths = [...natural];
  const least = columns.map((column, at) => Math.min(column.least ?? Number.POSITIVE_INFINITY, natural[at] ?? 0));
  const room = width - gap * (columns.length - 1);
  for (let over = sum(widths) - room; over > 0; over--) {
    const free = widths.map((one, at) => (one > (least[at] ?? one) ? one : 0));
    const widest = free.indexOf(Math.max(...free));
    if ((free[widest] ?? 0) === 0) return null;
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

function grid(
  columns: readonly Column[],
  rows: readonly CleanRow[],
  { widths, width }: { widths: readonly number[]; width: number | null },
): Line[] {
  const last = columns.length - 1;
  const line = (cells: readonly Span[]): Line =>
    cells.flatMap(({ text, role }, at) => {
      const { cut: where, align } = columns[at] ?? {};
      const own = widths[at] ?? 0;
      const short = cut(text, own, where);
      const full = at === last && align === undefined ? short : pad(short, own, align);
      return at === last
        ? [{ text: full, role }]
        : [
            { text: full, role },
            { text: " ".repeat(gap), role: null },
          ];
    });
  const head = line(columns.map(({ head: text }) => ({ text, role: "strong" })));
  return [head, ...rows.flatMap(({ cells, below }) => [line(cells), ...notes(below, width)])];
}

function cards(columns: readonly Column[], rows: readonly CleanRow[], width: number | null): Line[] {
  const label = Math.max(...columns.slice(1).map(({ head }) => widthOf(head)), 0) + 2 * gap;
  const beside = width === null || width - label >= leastBeside;
  return rows.flatMap(({ cells, below }) => [
    ...wrap(cells[0] ?? "", width),
    ...cells.slice(1).flatMap((value, at) => {
      const head: Span = { text: pad(" ".repeat(gap) + (columns[at + 1]?.head ?? ""), label), role: "dim" };
      const margin = beside ? label : 2 * gap;
      const lines = wrap(value, width === null ? null : width - margin);
      const [first = [], ...others] = lines.map((one): Line => [{ text: " ".repeat(margin), role: null }, ...one]);
      return beside ? [[head, ...first.slice(1)], ...others] : [[head], first, ...others];
    }),
    ...notes(below, width),
  ]);
}

/** Columns for a value beside its head. */
const leastBeside = 8;

function notes(below: Words | undefined, width: number | null): Line[] {
  if (below === undefined) return [];
  const indent: Span = { text: "  ", role: null };
  return wrap(below, width === null ? null : width - indent.text.length).map((line) => [indent, ...line]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
