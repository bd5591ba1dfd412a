export const firstNames = [
  ...['Amélie', 'Ananya', 'Björn', 'Chloé', 'Dušan', 'Elif', 'Éva', 'Fatoumata', 'Gözde', 'Håkon'],
  ...['Ines', 'İbrahim', 'Jürgen', 'José', 'Kateřina', 'Lea', 'Łukasz', 'Maëlle', 'Nguyệt', 'Oğuz'],
  ...['Paul', 'Renée', 'Siobhán', 'Søren', 'Tomás', 'Ülkü', 'Vojtěch', 'Wanda', 'Yusuf', 'Zoë'],
  ...['Αλέξανδρος', 'Ирина', 'Ольга', 'Þóra', '美咲', 'Anna', 'Karl', 'Marie', 'Peter', 'Sofia'],
] as const;

export const lastNames = [
  ...['Ågren', 'Ångström', 'Bauer', 'Björk', 'Çelik', 'Dvořák', 'D’Amico', 'Fernández', 'Fischer'],
  ...['García', 'Groß', 'Høgh', 'Ionescu', 'Jäger', 'Kovács', 'Kowalczyk', 'Krüger', 'Lefèvre'],
  ...[
    'López',
    'Markov',
    'Müller',
    'Nowak',
    'Núñez',
    'O’Brien',
    'Öztürk',
    'Papadopoulos',
    'Petrović',
  ],
  ...[
    'Rossi',
    'Šimić',
    'Schäfer',
    'Smith',
    'Sørensen',
    'Đorđević',
    'van den Berg',
    'von Ahn',
    'Weiß',
  ],
] as const;

export const cities = [
  ...[
    'Aarhus',
    'Athína',
    'Berlin',
    'Bruxelles',
    'București',
    'Genève',
    'Göteborg',
    'Kraków',
    'Köln',
  ],
  ...['Lisboa', 'Ljubljana', 'Málaga', 'München', 'Nantes', 'Plzeň', 'Tallinn', 'Torino', 'Wien'],
] as const;

/** Nobody's domains, by RFC 2606. */
export const mailDomains = [
  ...['post.example', 'brief.example', 'courrier.example', 'poczta.example', 'correo.example'],
] as const;

export const pages = ['/', '/sale', '/shoes', '/coats', '/basket', '/account', '/help'] as const;
