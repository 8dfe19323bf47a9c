// Import this first: what follows in the test file runs in a simulation, in real time.

import { afterAll } from '@jest/globals';
import { simulate } from 'rtworkq/testing';

export const simulation = simulate({ clock: 'host' });

afterAll(() => simulation.end());
