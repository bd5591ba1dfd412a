import { stepsMeet } from './steps-in-trouble.ts';
import { FAILED_XML } from './troubled-aws.ts';

stepsMeet([
  { kind: 'that fails', bad: FAILED_XML },
  { kind: 'that breaks off in the middle of a file', bad: 'half' },
  { kind: 'that ends each connection', bad: 'hangUp' },
  { kind: 'of which no answer is heard', bad: 'lost' },
]);
