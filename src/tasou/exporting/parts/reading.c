/* Parts of the printed C file; what stands between the scissors is copied as it is, MODEL being its name. */
/* --- 8< --- */
/* The class that the answers name. */
int MODEL_choose(const real answer[ANSWERS])
{
    int best = 0;
    if (threshold >= 0)
        return answer[ANSWERS - 1] > threshold;
    for (int k = 1; k < ANSWERS; k++)
        if (answer[k] > answer[best])
            best = k;
    return ANSWERS == 1 ? answer[0] > 0 : best;
}

static int is_one_of(const char *text, const char *const *texts)
{
    for (; *texts; texts++)
        if (!strcmp(text, *texts))
            return 1;
    return 0;
}

static int level_of(const Level *level, const char *text)
{
    while (level->text && strcmp(text, level->text))
        level++;
    return level->level;
}

/* So many digits at *text, as a number; -1 where there are others. *text goes on behind them. */
static int digits(const char **text, int count)
{
    int number = 0;
    for (; count > 0; count--, (*text)++) {
        if (**text < '0' || **text > '9')
            return -1;
        number = 10 * number + (**text - '0');
    }
    return number;
}

/* 2024-03-01, 2024-03-01T12:30 or 2024-03-01 12:30:15 as days since 1970-01-01; whether it is one. */
static int read_date(const char *text, double *days)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int year = digits(&text, 4);
    if (year < 1 || *text++ != '-')
        return 0;
    const int month = digits(&text, 2);
    if (month < 1 || month > 12 || *text++ != '-')
        return 0;
    const int day = digits(&text, 2);
    const int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day < 1 || day > length[month - 1] + (month == 2 && leap))
        return 0;
    int hour = 0, minute = 0, second = 0;
    if (*text == 'T' || *text == ' ') {
        text++;
        hour = digits(&text, 2);
        if (hour < 0 || hour > 23 || *text++ != ':')
            return 0;
        minute = digits(&text, 2);
        if (minute < 0 || minute > 59)
            return 0;
        if (*text == ':') {
            text++;
            second = digits(&text, 2);
            if (second < 0 || second > 59)
                return 0;
        }
    }
    if (*text)
        return 0;
    const long y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9; /* from March */
    const long whole = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
    *days = ((double)whole * 86400.0 + hour * 3600 + minute * 60 + second) / 86400.0;
    return 1;
}

static const char *skip_digits(const char *text)
{
    while (*text >= '0' && *text <= '9')
        text++;
    return text;
}

/* A number as 12, -0.5 or 1e-3; whether it is one. */
static int read_number(const char *text, double *number)
{
    const char *at = text + (*text == '+' || *text == '-'), *start = at;
    at = skip_digits(at);
    int some = at > start;
    if (*at == '.') {
        start = ++at;
        at = skip_digits(at);
        some = some || at > start;
    }
    if (some && (*at == 'e' || *at == 'E')) {
        at++;
        at += *at == '+' || *at == '-';
        start = at;
        at = skip_digits(at);
        some = at > start;
    }
    if (!some || *at)
        return 0;
    *number = strtod(text, 0);
    return 1;
}

/* 1.50 as 1.5, 1.0 as 1: how levels that are numbers are written. The text is changed. */
static void shorten(char *text)
{
    const char *start = text + (*text == '-'), *point = skip_digits(start), *end = point;
    if (*point == '.')
        end = skip_digits(point + 1);
    if (point == start || *point != '.' || *end || end == point + 1 || (*start == '0' && point != start + 1))
        return;
    char *last = text + strlen(text) - 1;
    while (*last == '0')
        *last-- = 0;
    if (*last == '.')
        *last = 0;
}

/* What column j makes of a text, which may be changed: a number, and in *fits whether it is a cell of this column. */
static real read_cell(int j, char *text, int *fits)
{
    char *end = text + strlen(text);
    if (kinds[j] == LEVEL) {
        const int level = level_of(levels[j], text);
        if (level >= 0)
            return (real)level;
    }
    while (*text == ' ' || *text == '\t')
        text++;
    while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = 0;
    if (is_one_of(text, missing))
        *text = 0;
    if (kinds[j] == LEVEL) {
        if (level_of(levels[j], text) < 0)
            shorten(text);
        return (real)level_of(levels[j], text);
    }
    if (!*text)
        return (real)NAN;
    double number = 0;
    *fits = kinds[j] == NUMBER ? read_number(text, &number) : read_date(text, &number);
    return (real)number;
}

/* The cell of column j: the number that it makes of a text (at most 255 bytes); NaN where it is empty or none. */
real MODEL_cell(int j, const char *text)
{
    char copy[256];
    int fits = 1;
    strncpy(copy, text, sizeof copy - 1);
    copy[sizeof copy - 1] = 0;
    const real number = read_cell(j, copy, &fits);
    return fits ? number : (real)NAN;
}
/* --- 8< --- */
enum { LONGEST = 1 << 20, MOST_CELLS = 1 << 14 };
static char record[LONGEST];
static int starts[MOST_CELLS];
static long line = 1;

static int refuse(long at, const char *why)
{
    fflush(stdout);
    fprintf(stderr, "error: line %ld: %s\n", at, why);
    return -1;
}

/* The next record into record[], its cells one behind the other; how many they are, 0 at the end, -1 if refused. */
static int next_record(void)
{
    for (;;) {
        const long begun = line;
        int c = getchar(), cells = 0, size = 0, blank = 1;
        if (c == EOF)
            return 0;
        for (;;) {
            if (cells == MOST_CELLS)
                return refuse(begun, "too many cells");
            starts[cells++] = size;
            if (c == '"') {
                blank = 0;
                for (c = getchar();; c = getchar()) {
                    if (c == EOF)
                        return refuse(begun, "a quotation mark is not closed");
                    if (c == '"' && (c = getchar()) != '"')
                        break;
                    line += c == '\n';
                    if (size == LONGEST - 1 || c == 0)
                        return refuse(begun, c ? "too long" : "a zero byte");
                    record[size++] = (char)c;
                }
                if (c != ',' && c != '\r' && c != '\n' && c != EOF)
                    return refuse(begun, "',' expected after '\"'");
            }
            for (; c != ',' && c != '\r' && c != '\n' && c != EOF; c = getchar()) {
                if (size >= LONGEST - 2 || c == 0)
                    return refuse(begun, c ? "too long" : "a zero byte");
                record[size++] = (char)c;
                blank = 0;
            }
            if (size >= LONGEST - 2)
                return refuse(begun, "too long");
            record[size++] = 0;
            if (c != ',')
                break;
            c = getchar();
        }
        if (c == '\r' && (c = getchar()) != '\n' && c != EOF)
            ungetc(c, stdin);
        line++;
        if (cells > 1 || !blank)
            return cells;
    }
}

static int read_header(int place[COLUMNS], int *width)
{
    const int first = getchar();
    if (first != 0xef && first != EOF)
        ungetc(first, stdin);
    else if (first == 0xef && (getchar() != 0xbb || getchar() != 0xbf)) /* the mark that some files of UTF-8 begin with */
        return refuse(1, "not UTF-8");
    *width = next_record();
    if (*width < 0)
        return -1;
    for (int j = 0; j < COLUMNS; j++) {
        int found = 0;
        for (int k = 0; k < *width; k++) {
            char *name = record + starts[k], *end = name + strlen(name);
            while (*name == ' ')
                name++;
            while (end > name && end[-1] == ' ')
                *--end = 0;
            if (!strcmp(name, MODEL_columns[j])) {
                place[j] = k;
                found++;
            }
        }
        if (found != 1) {
            fprintf(stderr, "error: line 1: the header must name each column once: %s\n", MODEL_columns[j]);
            return -1;
        }
    }
    return 0;
}

static void write_answer(const real answer[ANSWERS])
{
    const char *between = "";
    if (KIND == OF_LABELS) {
        for (int k = 0; k < ANSWERS; k++)
            if (answer[k] > (real)0.5) {
                printf("%s%s", between, labels[k]);
                between = " ";
            }
        between = ",";
    } else if (KIND != OF_NUMBERS) {
        fputs(labels[MODEL_choose(answer)], stdout);
        between = ",";
    }
    for (int k = 0; KIND != OF_SIDES && k < ANSWERS; k++) {
        printf(KIND == OF_NUMBERS ? "%s%.7g" : "%s%.6g", between, (double)answer[k]);
        between = ",";
    }
    putchar('\n');
}

int main(void)
{
    int place[COLUMNS], width = 0;
    real cells[COLUMNS], answer[ANSWERS];
    if (read_header(place, &width))
        return 2;
    puts(header);
    for (;;) {
        const long begun = line;
        const int found = next_record();
        if (found <= 0)
            return found ? 2 : fflush(stdout) ? 1 : 0;
        if (found != width) {
            refuse(begun, "not as many cells as in the header");
            return 2;
        }
        for (int j = 0; j < COLUMNS; j++) {
            int fits = 1;
            char *text = record + starts[place[j]];
            cells[j] = read_cell(j, text, &fits);
            if (!fits) {
                fflush(stdout);
                fprintf(stderr, "error: line %ld: column '%s' must hold %s, but here it says '%s'\n", begun,
                        MODEL_columns[j], kinds[j] == NUMBER ? "numbers" : "dates as 2024-03-01", text);
                return 2;
            }
        }
        MODEL_predict(cells, answer);
        write_answer(answer);
    }
}
