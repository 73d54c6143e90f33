'use strict';
module.exports = {
  up: (queryInterface, Sequelize) => queryInterface.createTable('pets', { id: { type: Sequelize.INTEGER, primaryKey: true } }),
  down: (queryInterface) => queryInterface.dropTable('pets'),
};
