import { createContext, useContext } from 'react';
import { todayHere } from './dates';

/** Today is the company's business day, 2026-11-28; "" where nobody is signed in. */
export const Today = createContext('');

/** useToday is the company's day, else the day on this device. */
export const useToday = () => useContext(Today) || todayHere();
