// Reads the output of programs that print lines of JSON.

/**
 * Returns a function that takes chunks of the output. Lines may begin and end anywhere in a chunk.
 * @param {(line: any) => void} each gets the value of each line
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
