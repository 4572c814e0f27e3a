#include "incentive-service/exchange_rates/exchange_rate_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/programs/program_store.h"
#include "tributary/partner/v1/exchange_rate.pb.h"

namespace tributary::incentive {
namespace {

// What a rate was told late for may be worth something else by now, also where its period is closed: the next close
// looks. (Of a period that is open it says all anyway.)
absl::Status HaveLookedAtAgain(mysql::Transaction& sql, std::string_view currency, Date date) {
  return sql
      .Execute(
          "UPDATE accrual_foreign f JOIN accrual a ON a.partner = f.partner AND a.program = f.program AND a.period = "
          "f.period SET a.true_up_due = 1 WHERE f.currency = ? AND f.rate_date = ?",
          {currency, date})
      .status();
}

}  // namespace

absl::Status ExchangeRateStore::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const {
  tributary::partner::v1::ExchangeRate rate;
  bool held = false;
  for (const events::Event& event : batch) {
    if (event.type != kExchangeRateType) continue;
    // A close that looks at what is due is before this or after.
    if (!held) RETURN_IF_ERROR(ProgramStore().HoldSet(sql));
    held = true;
    if (!rate.ParseFromString(event.payload)) {
      return Error(Reason::kMalformedRequest, StrCat(event.name, ": got bytes that are no ", kExchangeRateType));
    }
    const absl::StatusOr<Date> date = wire::FromProto(rate.date());
    if (!date.ok()) return AtField(date.status(), "date");
    RETURN_IF_ERROR(HaveLookedAtAgain(sql, rate.from_currency(), *date));
    if (rate.state() == tributary::partner::v1::ExchangeRate::WITHDRAWN) {
      RETURN_IF_ERROR(sql.Execute("DELETE FROM exchange_rate WHERE rate_type = ? AND to_currency = ? AND "
                                  "from_currency = ? AND rate_date = ?",
                                  {rate.rate_type(), rate.to_currency(), rate.from_currency(), *date})
                          .status());
      continue;
    }
    const absl::StatusOr<Rational> exact = Rational::ParseDecimal(rate.rate().value());
    if (!exact.ok()) return AtField(exact.status(), "rate");
    RETURN_IF_ERROR(
        sql.Execute("INSERT INTO exchange_rate (rate_type, to_currency, from_currency, rate_date, rate) "
                    "VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE rate = VALUES(rate)",
                    {rate.rate_type(), rate.to_currency(), rate.from_currency(), *date, rate.rate().value()})
            .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<Rates> ExchangeRateStore::Read(mysql::Transaction& sql, const Program& program,
                                              const DateRange& days) const {
  Rates rates;
  if (program.rate_type.empty()) return rates;
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT from_currency, rate_date, rate FROM exchange_rate WHERE rate_type = ? AND "
                             "to_currency = ? AND rate_date >= ? AND rate_date < ?",
                             {program.rate_type, program.terms.currency, days.start, days.end}));
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Rational rate, Rational::ParseDecimal(row.Text(2)));
    rates.emplace(RateKey{row.Text(0), row.Day(1)}, std::move(rate));
  }
  return rates;
}

absl::StatusOr<std::optional<Rational>> ExchangeRateStore::Find(mysql::Transaction& sql, std::string_view rate_type,
                                                                const RateKey& key,
                                                                std::string_view to_currency) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT rate FROM exchange_rate WHERE rate_type = ? AND to_currency = ? AND "
                             "from_currency = ? AND rate_date = ?",
                             {rate_type, to_currency, key.first, key.second}));
  if (rows.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(Rational rate, Rational::ParseDecimal(rows[0].Text(0)));
  return std::optional<Rational>(std::move(rate));
}

}  // namespace tributary::incentive
