'use strict';
module.exports = {
  up: (queryInterface, Sequelize) => queryInterface.createTable('people', { id: { type: Sequelize.INTEGER, primaryKey: true } }),
  down: (queryInterface) => queryInterface.dropTable('people'),
};
