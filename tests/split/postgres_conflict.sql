SELECT 1;
<<<<<<< HEAD
SELECT 2;
=======
SELECT 3;
>>>>>>> other
