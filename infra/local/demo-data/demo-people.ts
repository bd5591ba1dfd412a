import type { Person } from './person.ts';

/** Stands in hundreds of customers' rows, and means nobody. */
export const placeholderEmail = 'none@example.com';

const customer = (number: number) => `C-${String(number).padStart(6, '0')}`;
const loyalty = (number: number) => `L-${String(number).padStart(5, '0')}`;

/**
 * Customers whom the demo erases, one a run. Each stands in all four sources under two addresses;
 * the loyalty programme does not know the customer number, and one order was made as a guest.
 */
export const departing = [
  ['Ines', 'Ångström', '+4930901820101'],
  ['Tomás', 'Núñez', '+34910382202'],
  ['Siobhán', 'O’Brien', '+35315267303'],
  ['Håkon', 'Sørensen', '+4722059404'],
  ['Éva', 'Kovács', '+3615550505'],
].map(([firstName = '', lastName = '', phone = ''], index) => {
  const email = `departing.${index + 1}@post.example`;
  const privateEmail = `private.${index + 1}@brief.example`;
  return {
    customerId: customer(index + 1),
    firstName,
    lastName,
    birthday: `198${index}-07-24`,
    city: 'Köln',
    phone,
    email,
    orders: { count: 4, email },
    guestOrders: { count: 1, email: privateEmail },
    visits: { count: 3, emails: [email, privateEmail], signedIn: true },
    loyalty: { loyaltyId: loyalty(index + 1), email: privateEmail, namesCustomer: false },
  } satisfies Person;
});

/** Three customers at one telephone. */
export const family = ['Anna', 'Karl', 'Lea'].map(
  (firstName, index) =>
    ({
      customerId: customer(index + 11),
      firstName,
      lastName: 'Groß',
      phone: '+4922112345678',
      email: `${firstName.toLowerCase()}.gross@post.example`,
      orders: { count: 2 },
      visits: {
        count: 1,
        emails: [`${firstName.toLowerCase()}.gross@post.example`],
        signedIn: true,
      },
      loyalty: { loyaltyId: loyalty(index + 11), namesCustomer: true },
    }) satisfies Person,
);

/** Two customers who share one address: it says nothing about which of them is meant. */
export const sharedEmail = 'haushalt.weiss@post.example';
export const sharingOneEmail = ['Renée', 'Paul'].map(
  (firstName, index) =>
    ({
      customerId: customer(index + 14),
      firstName,
      lastName: 'Weiß',
      phone: `+4940320${index}7788`,
      email: sharedEmail,
      orders: { count: 2, email: sharedEmail },
      visits: { count: 1, emails: [sharedEmail], signedIn: false },
    }) satisfies Person,
);

/** The CRM and the loyalty programme know different addresses; only the web shop knows both. */
export const bridged = {
  customerId: customer(16),
  firstName: 'Zoë',
  lastName: 'Lefèvre',
  email: 'zoe.bureau@courrier.example',
  orders: { count: 1 },
  visits: {
    count: 1,
    emails: ['zoe.bureau@courrier.example', 'zoe.maison@courrier.example'],
    signedIn: false,
  },
  loyalty: {
    loyaltyId: loyalty(16),
    email: 'zoe.maison@courrier.example',
    namesCustomer: false,
  },
} satisfies Person;

/** One customer, many rows: no question of who is meant. */
export const fiftyOrders = {
  customerId: customer(17),
  firstName: 'Łukasz',
  lastName: 'Kowalczyk',
  email: 'lukasz.k@poczta.example',
  orders: { count: 50, email: 'lukasz.k@poczta.example' },
  visits: { count: 20, emails: ['lukasz.k@poczta.example'], signedIn: true },
} satisfies Person;

/** No customer at all: points only. */
export const pointsOnly = {
  firstName: 'Ольга',
  lastName: 'Markov',
  phone: '+491701234567',
  orders: { count: 0 },
  visits: { count: 0, emails: [], signedIn: false },
  loyalty: { loyaltyId: loyalty(18), email: 'olga.m@post.example', namesCustomer: false },
} satisfies Person;

/** Ordered once, without an account. */
export const guest = {
  firstName: '美咲',
  lastName: 'Rossi',
  orders: { count: 0 },
  guestOrders: { count: 1, email: 'gast.1@correo.example' },
  visits: { count: 0, emails: [], signedIn: false },
} satisfies Person;

export const demoPeople: Person[] = [
  ...departing,
  ...family,
  ...sharingOneEmail,
  bridged,
  fiftyOrders,
  pointsOnly,
  guest,
];

/** The first number that the demo's other people have. */
export const firstFreeNumber = 21;
