import { configFor, journeys } from './vitest.config.ts';

export default configFor(journeys, []);
