import { countOf, type Finding, type Level, type Section } from './finding.ts';

const marks: Readonly<Record<Level, string>> = {
  ok: 'ok     ',
  note: 'note   ',
  warning: 'WARNING',
  problem: 'PROBLEM',
};

/** Formats a section for people, each remedy below its finding. */
export function sectionLines({ name, findings }: Section): string[] {
  return [name, ...findings.flatMap(findingLines), ''];
}

const widthMax = 110;
const indent = ' '.repeat(11);

function findingLines({ level, text, remedy }: Finding): string[] {
  const [first = '', ...rest] = wrapped(text);
  const further = [...rest, ...(remedy === undefined ? [] : wrapped(remedy))];
  return [`  ${marks[level]}  ${first}`, ...further.map((line) => `${indent}${line}`)];
}

/** Wraps text at blanks; a word that is too long stays whole. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > widthMax) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The last line: a summary. */
export function verdict(sections: readonly Section[]): string {
  const problems = countOf('problem', sections);
  const warnings = countOf('warning', sections);
  if (problems > 0) return `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}.`;
  if (warnings > 0) return `No problem, ${counted(warnings, 'warning')}.`;
  return 'All is well.';
}

function counted(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}
