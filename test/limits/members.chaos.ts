import { executionsStaySmall } from './stays-small.ts';

// As many as one cycle takes, and twenty more.
executionsStaySmall({ cycle: [1000, 10_020], pass: [100, 1000] });
