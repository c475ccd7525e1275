package dev.millrace.examples.imdb;

/**
 * What a film is taken to be worth before anybody has rated it: as if so many had given it the mean.
 *
 * @param votes m in IMDb's formula
 * @param mean C in it
 */
record Prior(double votes, double mean) {

    double weigh(double rating, double count) {
        double all = count + votes;
        return count / all * rating + votes / all * mean;
    }
}
