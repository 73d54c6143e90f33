SELECT id FROM pets WHERE false;
