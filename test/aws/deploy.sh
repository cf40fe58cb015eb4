#!/usr/bin/env bash
# Deploys the stage dev into an AWS emulator on loopback, calls what is there, deploys again (nothing may change), and
# destroys it. Needs no AWS account. DEPLOY_EMULATOR says where the emulator is.
set -euo pipefail
cd "$(dirname "$0")/../.."
emulator=${DEPLOY_EMULATOR:-../shared/deploy-emulator}
if [ ! -x "$emulator/deploy-to-moto.sh" ]; then
  echo "SKIPPED test/aws/deploy.sh: there is no deploy-to-moto.sh in $emulator (set DEPLOY_EMULATOR)."
  exit 0
fi
exec "$emulator/deploy-to-moto.sh" -L -u -t "node '$PWD/infra/node-24.js' '$PWD/test/aws/deployed.ts'" . -- -c stage=dev
