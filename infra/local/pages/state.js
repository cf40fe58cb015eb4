/** How the state of a request is called, and how it looks. */
export const stateOf = ({ state }) => states[state] ?? ['Received', 'plain'];

const states = {
  working: ['In progress', 'plain'],
  accepted: ['Accepted', 'plain'],
  unknown: ['Unknown', 'open'],
  created: ['Created', 'good'],
  adopted: ['Adopted', 'good'],
  replayed: ['Replayed', 'good'],
  rejected: ['Not created', 'bad'],
  refused: ['Refused', 'bad'],
  failed: ['Failed', 'bad'],
};
