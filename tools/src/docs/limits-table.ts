import { limits, withUnit } from '@almanac/domain';

/** The tables of docs/limits.md, made from the module that owns the numbers. */
export function limitsTables(): string {
  return Object.entries(limits)
    .map(([section, entries]) => {
      const rows = Object.values(entries).map(
        ({ title, value, unit, setting, isMinimum, outcome }) =>
          `| ${title} | ${isMinimum ? 'at least ' : ''}${withUnit(value, unit)} | ${setting === undefined ? '' : `\`${setting}\``} | ${outcome} |`,
      );
      return [`## ${section}`, '', '| what | limit | setting | when exceeded |', '|---|---|---|---|', ...rows].join('\n');
    })
    .join('\n\n');
}
