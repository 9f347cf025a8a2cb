/** Names of no one: given and family names are put together by chance. None is also the name of a sample provider. */
export const englishGiven = [
  'Abigail', 'Adrian', 'Amber', 'Arthur', 'Beatrice', 'Benjamin', 'Bridget', 'Calvin', 'Charlotte', 'Clara', 'Daniel', 'Deborah', 'Dorothy', 'Edwin', 'Eleanor', 'Ethan', 'Fiona', 'Franklin',
  'Georgia', 'Gordon', 'Harriet', 'Howard', 'Imogen', 'Isaac', 'Jasmine', 'Jeremy', 'Judith', 'Keith', 'Lawrence', 'Lillian', 'Margaret', 'Nathan', 'Olivia', 'Patrick', 'Rebecca', 'Russell',
  'Sophie', 'Stanley', 'Theresa', 'Walter',
] as const;
export const englishFamily = [
  'Abernathy', 'Aldridge', 'Barlow', 'Beckett', 'Brockman', 'Calloway', 'Carver', 'Chadwick', 'Cromwell', 'Dalton', 'Draper', 'Eastwood', 'Ellsworth', 'Fairbanks', 'Fletcher', 'Garrison',
  'Greenfield', 'Hale', 'Hargrove', 'Holloway', 'Ingram', 'Jennings', 'Kendrick', 'Langford', 'Lockhart', 'Merriweather', 'Nash', 'Osgood', 'Pemberton', 'Quimby', 'Radcliffe', 'Ridgeway',
  'Sheffield', 'Stanhope', 'Tillman', 'Underwood', 'Vickers', 'Wainwright', 'Winslow', 'Yardley',
] as const;
export const spanishGiven = [
  'Adriana', 'Alejandro', 'Andrés', 'Beatriz', 'Camila', 'Carlos', 'Catalina', 'Diego', 'Elena', 'Emilio', 'Esperanza', 'Fernando', 'Gabriela', 'Guillermo', 'Ignacio', 'Inés', 'Javier', 'Joaquín',
  'José', 'Juana', 'Leticia', 'Lorenzo', 'Luz', 'Manuel', 'Marisol', 'Mateo', 'Nicolás', 'Noemí', 'Octavio', 'Paloma', 'Ramón', 'Rocío', 'Santiago', 'Soledad', 'Tomás', 'Valentina',
] as const;
export const spanishFamily = [
  'Aguilar', 'Barrios', 'Benítez', 'Cabrera', 'Calderón', 'Castañeda', 'Cervantes', 'Cisneros', 'Delgado', 'Escobar', 'Espinoza', 'Figueroa', 'Fuentes', 'Gallegos', 'Guerrero', 'Herrera',
  'Ibarra', 'Juárez', 'Lozano', 'Maldonado', 'Márquez', 'Montoya', 'Navarro', 'Núñez', 'Olivares', 'Pacheco', 'Quintana', 'Rosales', 'Saavedra', 'Sandoval', 'Treviño', 'Valdez', 'Villanueva',
  'Zamora', 'Zúñiga',
] as const;
