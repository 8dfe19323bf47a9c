// The output of programs that print a line of JSON for each thing they have to say.

/**
 * A function for the pieces of the output, in which lines begin and end anywhere.
 * @param {(line: any) => void} each is given what a line says
 * @returns {(data: Buffer | string) => void}
 */
export function jsonLines(each) {
  let rest = '';
  return (data) => {
    const parts = (rest + data).split('\n');
    rest = parts.pop();
    for (const part of parts) each(JSON.parse(part));
  };
}
