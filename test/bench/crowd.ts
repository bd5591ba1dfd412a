import type { Ground } from '../../infra/local/running-platform.ts';
import type { Figure } from './figures.ts';
export async function measureCrowd(_ground: Ground, _requests: number): Promise<Figure[]> {
  return [];
}
