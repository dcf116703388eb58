// The values of XML Schema's simple types, as far as vim25 has fields of them.

/** Whether the text is a value of the kind, a Go type or a type of XML Schema; undefined if it is no such kind. */
export function isValueOf(kind: string, text: string): boolean | undefined {
  return kinds[kind]?.(text);
}

const whole = (bits: number) => (text: string) =>
  /^[+-]?\d{1,20}$/.test(text) && BigInt.asIntN(bits, BigInt(text)) === BigInt(text);
const bool = (text: string) => /^(true|false|1|0)$/.test(text);
const real = (text: string) => /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN)$/.test(text);
const time = (text: string) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.test(text) && !Number.isNaN(Date.parse(text));
const any = () => true;

const kinds: Record<string, (text: string) => boolean> = {
  bool,
  boolean: bool,
  byte: whole(8),
  int16: whole(16),
  short: whole(16),
  int32: whole(32),
  int: whole(32),
  int64: whole(64),
  long: whole(64),
  float32: real,
  float: real,
  float64: real,
  double: real,
  "time.Time": time,
  dateTime: time,
  string: any,
  anyURI: any,
};
