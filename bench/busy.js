// Keeps one processor busy until its standard input ends.

const SPIN_MS = 20;

let over = false;
process.stdin.on('end', () => (over = true)).resume();

(function spin() {
  const until = Date.now() + SPIN_MS;
  while (Date.now() < until);
  if (over) process.exit();
  setImmediate(spin);
})();
process.stdout.write('busy\n');
