'use strict';
module.exports = {
  up: async (queryInterface, Sequelize) => {
    await queryInterface.createTable('pets', { id: { type: Sequelize.INTEGER, primaryKey: true } });
    await queryInterface.sequelize.query('INSERT INTO nowhere VALUES (1)');
  },
  down: (queryInterface) => queryInterface.dropTable('pets'),
};
