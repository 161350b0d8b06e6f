SELECT predicted.game_date, COUNT(*) AS predictions, COUNTIF(predicted.has_prop_line != (predicted.line_source = 'ACTUAL_PROP')) AS contradicted
FROM `nba_predictions.player_prop_predictions` AS predicted
WHERE predicted.game_date BETWEEN @from_date AND @until_date AND predicted.is_active
GROUP BY predicted.game_date
ORDER BY predicted.game_date
