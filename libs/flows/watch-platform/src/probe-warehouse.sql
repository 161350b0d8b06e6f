SELECT COUNT(*) AS files
FROM `nba_orchestration.publications` AS publications
