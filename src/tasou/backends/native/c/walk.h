/* Learning from one sample at a time, by an output without hidden layer: the perceptron learning rule, sample by sample. */

/* Walk the rows in their order: where δ is not 0, w := w − α δ x and b := b − α δ, by the row's weight. The number of rows
 * learnt from (those that weigh nothing are not counted), and the sum of their losses before the step. */
KERNEL int64_t learn_one_by_one(const Walk *walk, const int64_t *order, double *loss)
{
    real *w = walk->w, *b = walk->b;
    int64_t mistakes = 0;
    *loss = 0;
    for (int64_t r = 0; r < walk->n; r++) {
        const int64_t i = order[r];
        const real *x = (const real *)walk->X + i * walk->X_row, y = ((const real *)walk->y)[i];
        double product;
        SUM_OF((double)w[at] * (double)x[at], walk->d, product);
        const real z = (real)product + *b;
        real delta, value;
        maps[walk->delta](1, (const real *[]){&z, &z, &y}, &delta, walk->delta_constants);
        if (delta == 0)
            continue;
        maps[walk->value](1, (const real *[]){&z, &y}, &value, walk->value_constants);
        *loss += (double)value;
        const double weight = walk->weight ? walk->weight[i] : 1;
        const real step = (real)(walk->lr * weight * (double)delta);
        EACH (j, walk->d)
            w[j] -= step * x[j];
        if (walk->bias)
            *b -= step;
        mistakes += weight > 0;
    }
    return mistakes;
}

EXPORT int64_t EXPORTED(walk)(const Walk *walk, const int64_t *order, double *loss)
{
    return learn_one_by_one(walk, order, loss);
}
