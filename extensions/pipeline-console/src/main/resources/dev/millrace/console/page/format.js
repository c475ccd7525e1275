// Numbers and times as people read them.

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const UNKNOWN = "–";

export const count = value => value === null ? UNKNOWN : whole.format(value);

/** For where there is little room. */
export const shortCount = value => value < 10_000 ? whole.format(value) : short.format(value);

export function rate(value) {
  if (value === 0) {
    return "0";
  }
  return value < 10 ? value.toFixed(1) : shortCount(Math.round(value));
}

export function time(millis) {
  if (millis === null) {
    return UNKNOWN;
  }
  if (millis < 1) {
    return millis === 0 ? "0 ms" : "< 1 ms";
  }
  const units = [["ms", 1], ["s", 1_000], ["min", 60_000], ["h", 3_600_000], ["d", 86_400_000]];
  const [unit, size] = units.findLast(([, size]) => millis >= size);
  const value = millis / size;
  return `${value < 10 && unit !== "ms" ? value.toFixed(1).replace(".0", "") : Math.floor(value)} ${unit}`;
}

export function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = value === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** power;
  return `${scaled < 10 && power > 0 ? scaled.toFixed(1) : Math.round(scaled)} ${units[power]}`;
}

/** The time of day of what was so long ago, by the clock of this browser. */
export const clock = agoMillis => new Date(Date.now() - agoMillis).toLocaleTimeString();

export const className = name => name.slice(name.lastIndexOf(".") + 1);
