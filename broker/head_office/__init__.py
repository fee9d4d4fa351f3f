"""The group's side: takes the sites' journals into PostgreSQL. It never commands a site (总部)."""
