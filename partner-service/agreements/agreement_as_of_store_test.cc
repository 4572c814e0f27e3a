// Agreements as of any day and any moment, against a model that keeps no rows but what was said when: 10,000 random
// histories, through the decisions and the store.

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

#include "common/text/text.h"
#include "partner-service/agreements/agreement_store.h"
#include "partner-service/agreements/renewal.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::IsEmpty;

constexpr int kHistories = 10000;
constexpr int kAtOnce = 250;  // histories in a transaction
const Date kFirstDay = *Date::Parse("2026-01-01");
constexpr int kDays = 12;
constexpr int kMoments = 12;

absl::Time Moment(int moment) { return kNow + absl::Seconds(moment); }
Date DayAt(int day) { return kFirstDay.AddDays(day); }

// What was said of one agreement at a moment: on which days it is in force. It stands until the next.
struct Said {
  int moment;
  bool in_force;
  int from;
  int until;  // kDays: without end
};
using Model = std::map<std::string, std::vector<Said>>;  // "partner/id"

bool HeldThen(const std::vector<Said>& said, int day, int moment) {
  bool held = false;
  for (const Said& one : said) {
    if (one.moment > moment) break;
    held = one.in_force && one.from <= day && day < one.until;
  }
  return held;
}

class AgreementAsOfTest : public StoreTest {
 protected:
  int Below(int n) { return static_cast<int>(random_() % n); }
  bool Chance(int percent) { return Below(100) < percent; }

  // One partner's agreement and perhaps its next term, changed at rising moments. The model hears of it in its own
  // words.
  absl::Status Live(mysql::Transaction& sql, const std::string& partner, Model* model) {
    int moment = Below(4);
    const int from = Below(6);
    const int until = Chance(30) ? kDays : from + 1 + Below(6);
    const auto end_of = [](int day) { return day >= kDays ? OpenEnd() : DayAt(day); };
    Agreement agreement{.partner_id = partner,
                        .id = "a",
                        .revision = Revision::First(Moment(moment)),
                        .title = "T",
                        .text = "t",
                        .text_sha256 = "h",
                        .effective = {DayAt(from), end_of(until)}};
    std::vector<Said>& said = (*model)[partner + "/a"];
    said.push_back({moment, false, from, until});
    RETURN_IF_ERROR(store_.Create(sql, agreement).status());
    const auto step = [&](absl::StatusOr<Agreement> next) -> absl::Status {
      RETURN_IF_ERROR(next.status());
      agreement = *std::move(next);
      return store_.Update(sql, agreement);
    };
    moment += 1 + Below(2);
    if (Chance(10)) return absl::OkStatus();
    RETURN_IF_ERROR(step(Propose(agreement, Moment(moment))));
    moment += 1 + Below(2);
    if (Chance(10)) return step(Terminate(agreement, {}, DayAt(0), Moment(moment)));
    RETURN_IF_ERROR(step(Sign(agreement, "h", "u", AgreementSide::kVendor, Moment(moment))));
    said.push_back({moment, true, from, until});
    moment += 1 + Below(2);
    switch (Below(4)) {
      case 0:
        return absl::OkStatus();
      case 1:  // its partner's import is undone
        said.push_back({moment, false, from, until});
        return step(TakeBack(agreement, Moment(moment)));
      case 2: {
        const int today = Below(kDays);
        said.push_back({moment, true, from, std::max(from, std::min(until, today))});
        return step(Terminate(agreement, {}, DayAt(today), Moment(moment)));
      }
      default:
        break;
    }
    const int begins = std::min(from + 1 + Below(5), until);
    if (begins == kDays) return absl::OkStatus();
    ASSIGN_OR_RETURN(Agreement next, Renew(agreement, {agreement}, {.id = "b", .from = DayAt(begins), .to = OpenEnd()},
                                           Moment(moment)));
    next.text_sha256 = "h";
    RETURN_IF_ERROR(store_.Create(sql, next).status());
    ASSIGN_OR_RETURN(next, Propose(next, Moment(moment)));
    RETURN_IF_ERROR(store_.Update(sql, next));
    moment += 1;
    ASSIGN_OR_RETURN(next, Sign(next, "h", "u", AgreementSide::kPartner, Moment(moment)));
    RETURN_IF_ERROR(store_.Update(sql, next));
    RETURN_IF_ERROR(step(Succeed(agreement, next, Moment(moment))));
    said.push_back({moment, true, from, begins});
    (*model)[partner + "/b"].push_back({moment, true, begins, kDays});
    return absl::OkStatus();
  }

  std::set<std::string> Listed(const AsOf& as_of, const std::string& partner = "") {
    std::set<std::string> names;
    for (const Agreement& agreement : All<Agreement>(
             AgreementStore::Fields(), 1000, "",
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, partner, page, as_of); },
             [](const Agreement&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      EXPECT_TRUE(names.insert(StrCat(agreement.partner_id, "/", agreement.id)).second);
    }
    return names;
  }

  AgreementStore store_;
  std::mt19937 random_{20260101};
};

TEST_F(AgreementAsOfTest, TenThousandHistoriesReadAsTheModelSays) {
  Model model;
  for (int first = 0; first < kHistories; first += kAtOnce) {
    const std::mt19937 random = random_;
    Model said;
    ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      random_ = random;  // a body may run again
      said.clear();
      for (int i = first; i < first + kAtOnce; ++i) RETURN_IF_ERROR(Live(sql, StrCat("p-", 10000 + i), &said));
      return absl::OkStatus();
    }));
    model.merge(said);
  }
  size_t in_force = 0;
  for (const auto& [day, moment] : {std::pair(0, 0), std::pair(3, 2), std::pair(4, 5), std::pair(6, 7), std::pair(9, 9),
                                    std::pair(kDays - 1, kMoments), std::pair(2, kMoments)}) {
    SCOPED_TRACE(StrCat("day ", day, ", moment ", moment));
    std::set<std::string> want;
    for (const auto& [name, said] : model) {
      if (HeldThen(said, day, moment)) want.insert(name);
    }
    // A moment ends before the next second.
    const AsOf as_of{DayAt(day), Moment(moment) + absl::Milliseconds(999)};
    EXPECT_EQ(Listed(as_of), want);
    in_force += want.size();
    // What is known now is what was known last.
    if (moment == kMoments) {
      EXPECT_EQ(Listed({.day = DayAt(day)}), want);
    }
  }
  EXPECT_GT(in_force, size_t{kHistories});
  // One at a time, by Get and by a partner's list.
  for (int i = 0; i < 3000; ++i) {
    const std::string partner = StrCat("p-", 10000 + Below(kHistories));
    const int day = Below(kDays), moment = Below(kMoments);
    SCOPED_TRACE(StrCat(partner, ", day ", day, ", moment ", moment));
    const AsOf as_of{DayAt(day), Moment(moment)};
    std::set<std::string> want;
    for (const char* id : {"a", "b"}) {
      const auto said = model.find(StrCat(partner, "/", id));
      const bool held = said != model.end() && HeldThen(said->second, day, moment);
      const auto read = Ask<Agreement>([&](mysql::Transaction& sql) { return store_.Get(sql, partner, id, as_of); });
      ASSERT_EQ(read.ok(), held) << id;
      if (held) {
        want.insert(StrCat(partner, "/", id));
      } else {
        ASSERT_THAT(read, HasReason(Reason::kNotFound));
      }
    }
    ASSERT_EQ(Listed(as_of, partner), want);
  }
  EXPECT_THAT(Listed({.day = DayAt(0), .known = kNow - absl::Seconds(1)}), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner
