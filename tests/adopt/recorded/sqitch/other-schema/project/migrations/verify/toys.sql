SELECT id FROM toys WHERE false;
