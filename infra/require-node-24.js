import module from 'node:module';

// Plain JavaScript, so that any Node can read it: Node 24 runs the rest of the project's TypeScript as it is.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `This needs Node 24, and found ${process.version}: run \`npm ci\` without --ignore-scripts, which installs Node 24 for this project alone.`,
  );
  process.exit(1);
}

// What follows is loaded as TypeScript: the second time in half the time.
module.enableCompileCache?.();
