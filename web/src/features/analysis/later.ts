import { later } from '../../ui/later';

export const Cohorts = later(() => import('./Cohorts').then((m) => m.Cohorts));
export const Compare = later(() => import('./Compare').then((m) => m.Compare));
export const Dwell = later(() => import('./Dwell').then((m) => m.Dwell));
export const Forecast = later(() => import('./Forecast').then((m) => m.Forecast));
export const WinLoss = later(() => import('./WinLoss').then((m) => m.WinLoss));
