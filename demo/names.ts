/** Frequent French names, combined at random: the people they make do not exist. */
const words = (text: string) => text.trim().split(/\s+/)

export const women = words(`
  Marie Nathalie Isabelle Sylvie Catherine Françoise Valérie Christine Sophie Sandrine Stéphanie Véronique Céline Chantal Patricia
  Anne Brigitte Julie Laurence Aurélie Christelle Karine Virginie Émilie Laura Camille Léa Manon Chloé Inès Élodie Hélène Delphine
  Amélie Pauline Charlotte Anaïs Lucie Clémence Margaux Agathe Noémie Maëlle Fatima Nadia Aïcha Léonie Zoé Marie-Claude Anne-Sophie
  Anne-Laure Marie-Hélène`)
export const men = words(`
  Jean Philippe Michel Alain Patrick Nicolas Christophe Pierre Christian Éric Frédéric Laurent Stéphane David Pascal Daniel Julien
  Thierry Olivier Bernard Thomas Alexandre Gérard Didier Dominique Vincent François Bruno Guillaume Jérôme Sébastien Maxime Antoine
  Mathieu Loïc Rémi Hugo Clément Benoît Cédric Gaël Raphaël Théo Léo Karim Mehdi Étienne Jean-Pierre Jean-François Jean-Luc Yann`)
export const families = words(`
  MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFEBVRE LEROY ROUX DAVID BERTRAND MOREL
  FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT MULLER LEFEVRE FAURE ANDRE MERCIER BLANC GUERIN BOYER GARNIER
  CHEVALIER FRANCOIS LEGRAND GAUTHIER GARCIA PERRIN ROBIN CLEMENT MORIN NICOLAS HENRY ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL
  DENIS DUMONT MARIE LEMAIRE NOEL MEYER DUFOUR MEUNIER BRUN BLANCHARD GIRAUD JOLY RIVIERE LUCAS BRUNET GAILLARD BARBIER ARNAUD
  MARTINEZ GERARD ROCHE RENARD SCHMITT ROY LEROUX COLIN VIDAL CARON PICARD ROGER FABRE AUBERT LEMOINE RENAUD DUMAS LACROIX OLIVIER
  PHILIPPE BOURGEOIS PIERRE BENOIT REY LECLERC PAYET ROLLAND LECLERCQ GUILLAUME LECOMTE LOPEZ JEAN DUPUY GUILLOT HUBERT BERGER
  CARPENTIER SANCHEZ DUPUIS MOULIN LOUIS DESCHAMPS HUET VASSEUR PEREZ BOUCHER FLEURY ROYER KLEIN JACQUET ADAM PARIS POIRIER MARTY
  AUBRY GUYOT CARRE CHARLES RENAULT CHARPENTIER MENARD MAILLARD BARON BERTIN BAILLY HERVE SCHNEIDER FERNANDEZ LE-GALL COLLET LEGER
  BOUVIER JULIEN PREVOST MILLET PERROT DANIEL COUSIN GERMAIN BRETON BESSON LANGLOIS REMY LEROI PELLETIER L'HOTE N'GUYEN D'ARCY
  BENALI DIALLO TRAORE NGUYEN HADDAD BELKACEM`)

export const streets = words(`
  LILAS TILLEULS PLATANES ECOLES REMPARTS JARDINS MOULINS FONTAINES ACACIAS CERISIERS PEUPLIERS MARRONNIERS VIGNES PRES CHENES
  HIRONDELLES GLYCINES ROSIERS NOYERS GENETS`)

/** `LE-GALL` → `Le-Gall`, `D'ARCY` → `D’Arcy`. */
export const title = (upper: string): string =>
  upper.toLowerCase().replace(/(^|[-' ])(\p{L})/gu, (_, sep: string, c: string) => (sep === "'" ? '’' : sep) + c.toUpperCase())
