export { planAhead, planChanged, planDates } from './plan-dates.ts';
