#!/usr/bin/env bash
# Rehearses the runbook in an AWS emulator on loopback: deploys the example dev, calls what is there, deploys again (nothing
# may change), loses items of the ledger and gets them back, imports what was made, rolls back, and destroys all; then
# deploys what `npm run setup` writes, by the commands that it prints. Needs no AWS account. DEPLOY_EMULATOR says where the
# emulator is.
set -euo pipefail
cd "$(dirname "$0")/../.."
emulator=${DEPLOY_EMULATOR:-../shared/deploy-emulator}
if [ ! -x "$emulator/deploy-to-moto.sh" ]; then
  echo "SKIPPED test/aws/deploy.sh: there is no deploy-to-moto.sh in $emulator (set DEPLOY_EMULATOR)."
  exit 0
fi
node="node '$PWD/infra/node-24.js'"
rehearsal="$node '$PWD/test/aws/deployed.ts' && $node '$PWD/test/aws/migrated.ts'"
rehearsal+=" && STACK_OUTPUTS=\$STACK_OUTPUTS.first $node '$PWD/test/aws/first-deployment.ts'"
exec "$emulator/deploy-to-moto.sh" -L -t "$rehearsal" . -- -c stage=infra/aws/examples/dev.ts
