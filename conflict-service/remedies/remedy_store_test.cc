#include "conflict-service/remedies/remedy_store.h"

#include <atomic>
#include <functional>
#include <thread>

#include "common/status/status_matchers.h"
#include "conflict-service/cases/case_deadlines.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/remedies/answer_follower.h"
#include "conflict-service/remedies/remedy_proto.h"
#include "conflict_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kAsked = absl::FromUnixSeconds(1780000000);
const absl::Time kLater = kAsked + absl::Hours(1);

// A warning, a clawback of 35 units and a reassignment.
Remedy NewRemedy(const std::string& case_id) {
  Remedy remedy{.case_id = case_id,
                .uid = Uuid::New(kAsked),
                .create_time = kAsked,
                .update_time = kAsked,
                .principal = "manager-1"};
  remedy.steps.push_back({.kind = RemedyKind::kWarning, .partner = "partners/p1", .reason = "Not again: 窜货"});
  remedy.steps.push_back({.kind = RemedyKind::kClawback,
                          .partner = "partners/p1",
                          .currency = "CNY",
                          .amount = -280000,
                          .units = Decimal::FromInt(35),
                          .program = "programs/growth",
                          .reason = "Diverted"});
  remedy.steps.push_back(
      {.kind = RemedyKind::kReassignTerritory,
       .partner = "partners/p1",
       .reason = "Not looked after",
       .territory = Reassignment{"partners/p1/territoryGrants/home", "partners/p2", *Date::Parse("2026-07-01")}});
  Derive(&remedy);
  return remedy;
}

std::string Whole(const Remedy& remedy) { return ToProto(remedy).DebugString(); }

events::Event EventOf(const Remedy& remedy, int order, v1::RemedyAnswer::Answer reply, const std::string& uid) {
  v1::RemedyAnswer answer;
  answer.set_remedy(remedy.name());
  answer.set_remedy_uid(uid);
  answer.set_order(order);
  answer.set_answer(reply);
  answer.set_result("made");
  return {.name = remedy.name(), .type = RemedyAnswerPayload(), .payload = answer.SerializeAsString()};
}

class RemedyStoreTest : public ::testing::Test {
 protected:
  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  Remedy Created(Remedy remedy) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return store_.Create(sql, &remedy); }));
    return remedy;
  }
  Remedy Get(const std::string& case_id, int64_t number) {
    Remedy remedy;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(remedy, store_.Get(sql, case_id, number));
      return absl::OkStatus();
    }));
    return remedy;
  }
  absl::Status Answer(const std::vector<events::Event>& batch) {
    return Do([&](mysql::Transaction& sql) {
      ++runs_;
      events::Outbox outbox;
      return ApplyRemedyAnswers(sql, batch, kLater, outbox);
    });
  }

  std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::conflict()});
  RemedyStore store_;
  std::atomic<int> runs_ = 0;  // of transactions that answer
};

TEST_F(RemedyStoreTest, ComesBackAsItWent) {
  const Remedy created = Created(NewRemedy("a"));
  EXPECT_EQ(created.number, 1);
  const Remedy read = Get("a", 1);
  EXPECT_EQ(Whole(read), Whole(created));
  ASSERT_EQ(read.steps.size(), 3u);
  EXPECT_FALSE(read.steps[1].territory.has_value());
  ASSERT_TRUE(read.steps[2].territory.has_value());
  EXPECT_EQ(read.steps[2].territory->recipient, "partners/p2");

  const Remedy answered = *Take(read, {.order = 1, .reply = RemedyReply::kApplied, .result = "made"}, kLater);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, answered); }));
  EXPECT_EQ(Whole(Get("a", 1)), Whole(answered));
  EXPECT_THAT(Do([&](mysql::Transaction& sql) { return store_.Get(sql, "a", 2).status(); }),
              HasReason(Reason::kNotFound));
}

TEST_F(RemedyStoreTest, EachHasItsOwnStepsWhicheverAreReadTogether) {
  Remedy short_one = NewRemedy("b");
  short_one.steps.resize(1);
  Derive(&short_one);
  const std::vector<Remedy> all = {Created(NewRemedy("a")), Created(short_one), Created(NewRemedy("b")),
                                   Created(NewRemedy("c"))};
  const auto texts = [&](const std::function<absl::StatusOr<std::vector<Remedy>>(mysql::Transaction&)>& read) {
    std::vector<std::string> found;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<Remedy> remedies, read(sql));
      found.clear();
      for (const Remedy& remedy : remedies) found.push_back(Whole(remedy));
      return absl::OkStatus();
    }));
    return found;
  };
  const SqlPredicate any = *ParseFilter("", RemedyStore::Fields());
  EXPECT_THAT(texts([&](mysql::Transaction& sql) { return store_.List(sql, "", any, "", 0, 10); }),
              ElementsAre(Whole(all[0]), Whole(all[1]), Whole(all[2]), Whole(all[3])));
  // A page that ends within a case has the steps of its own remedies alone.
  EXPECT_THAT(texts([&](mysql::Transaction& sql) { return store_.List(sql, "", any, "", 0, 2); }),
              ElementsAre(Whole(all[0]), Whole(all[1])));
  EXPECT_THAT(texts([&](mysql::Transaction& sql) { return store_.List(sql, "b", any, "b", 1, 10); }),
              ElementsAre(Whole(all[2])));
  EXPECT_THAT(texts([&](mysql::Transaction& sql) { return store_.OfCase(sql, "b"); }),
              ElementsAre(Whole(all[1]), Whole(all[2])));
  EXPECT_THAT(texts([&](mysql::Transaction& sql) {
                return store_.OfCasesForUpdate(sql, {"c", "a", "none"});
              }),
              ElementsAre(Whole(all[0]), Whole(all[3])));
  EXPECT_THAT(texts([&](mysql::Transaction& sql) { return store_.OfCase(sql, "none"); }), IsEmpty());
}

TEST_F(RemedyStoreTest, AnAnswerIsForTheRemedyOfItsUid) {
  const Remedy remedy = Created(NewRemedy("a"));
  const std::string uid = remedy.uid.ToString(), other = Uuid::New(kLater).ToString();
  ASSERT_OK(Answer({EventOf(remedy, 1, v1::RemedyAnswer::APPLIED, other)}));
  EXPECT_EQ(Whole(Get("a", 1)), Whole(remedy)) << "of another one that had the number";
  ASSERT_OK(Answer({EventOf(remedy, 1, v1::RemedyAnswer::APPLIED, uid)}));
  EXPECT_EQ(Get("a", 1).steps[0].state, StepState::kApplied);
  EXPECT_EQ(Get("a", 1).steps[1].state, StepState::kOrdered);
  ASSERT_OK(Answer({EventOf(remedy, 2, v1::RemedyAnswer::APPLIED, "")}));
  EXPECT_EQ(Get("a", 1).steps[2].state, StepState::kOrdered) << "of before uids were told";
  // Several of one batch come one after the other.
  ASSERT_OK(Answer({EventOf(remedy, 3, v1::RemedyAnswer::REFUSED, uid),
                    EventOf(remedy, 2, v1::RemedyAnswer::COMPENSATED, uid),
                    EventOf(remedy, 1, v1::RemedyAnswer::COMPENSATED, uid)}));
  EXPECT_EQ(Get("a", 1).state, RemedyState::kCompensated);
  EXPECT_EQ(Get("a", 1).version, 6);
}

// The consumers of two feeds, which tell of the same remedies the other way round.
TEST_F(RemedyStoreTest, RemediesAreLockedInOneOrderWhateverTheFeedsSay) {
  constexpr int kTimes = 30;
  std::vector<Remedy> remedies;
  for (const char* id : {"a", "b", "c", "d"}) remedies.push_back(Created(NewRemedy(id)));
  std::vector<events::Event> forth, back;
  for (const Remedy& remedy : remedies) {
    forth.push_back(EventOf(remedy, 1, v1::RemedyAnswer::APPLIED, remedy.uid.ToString()));
    back.insert(back.begin(), EventOf(remedy, 2, v1::RemedyAnswer::APPLIED, remedy.uid.ToString()));
  }
  std::atomic<int> failed = 0;
  const auto answer = [&](const std::vector<events::Event>& batch) {
    for (int i = 0; i < kTimes; ++i) {
      if (!Answer(batch).ok()) ++failed;
    }
  };
  std::thread other([&] { answer(forth); });
  answer(back);
  other.join();
  EXPECT_EQ(failed.load(), 0);
  EXPECT_EQ(runs_.load(), 2 * kTimes) << "no run was given up for another";
  for (const Remedy& remedy : remedies) EXPECT_EQ(Get(remedy.case_id, 1).steps[2].state, StepState::kOrdered);
}

TEST_F(RemedyStoreTest, AFindingThatComesBackLeavesACaseAloneWhoseRemedyRuns) {
  const Conclusion conclusion{.kind = FindingKind::kExclusiveOverlap,
                              .rule_version = "1",
                              .subjects = {"partners/p1/territoryGrants/g", "partners/p2/territoryGrants/g"},
                              .explanation = "They overlap."};
  const std::string id = FindingId(conclusion);
  const std::set<std::string> subjects(conclusion.subjects.begin(), conclusion.subjects.end());
  const auto settle = [&](const std::vector<Conclusion>& conclusions) {
    return Do([&](mysql::Transaction& sql) {
      events::Outbox outbox;
      return Settle(sql, kLater, outbox, {conclusion.kind}, subjects, conclusions);
    });
  };
  const auto stored = [&] {
    Case one;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(one, CaseStore().Get(sql, id));
      return absl::OkStatus();
    }));
    return one;
  };
  ASSERT_OK(settle({conclusion}));
  const absl::Status decided = Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(Case one, CaseStore().GetForUpdate(sql, id));
    ASSIGN_OR_RETURN(one, Triage(std::move(one), std::nullopt, std::nullopt, CaseDeadlines(), kAsked));
    ASSIGN_OR_RETURN(one, Resolve(std::move(one), Outcome::kConfirmed, "It is so", CaseDeadlines(), kAsked));
    return CaseStore().Save(sql, {one});
  });
  ASSERT_OK(decided);
  Remedy remedy = NewRemedy(id);
  remedy.steps.resize(1);
  Derive(&remedy);
  remedy = Created(remedy);
  std::set<std::string> running;
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(running, store_.Running(sql, {id, "none"}));
    return absl::OkStatus();
  }));
  EXPECT_THAT(running, ElementsAre(id));

  ASSERT_OK(settle({}));
  EXPECT_TRUE(stored().finding_withdrawn);
  ASSERT_OK(settle({conclusion}));
  EXPECT_EQ(stored().state, CaseState::kResolved);
  EXPECT_EQ(stored().outcome, Outcome::kConfirmed);
  EXPECT_FALSE(stored().finding_withdrawn);
  // Once it has ended, what comes back is looked at again.
  ASSERT_OK(Answer({EventOf(remedy, 1, v1::RemedyAnswer::APPLIED, remedy.uid.ToString())}));
  ASSERT_OK(settle({}));
  ASSERT_OK(settle({conclusion}));
  EXPECT_EQ(stored().state, CaseState::kReopened);
  EXPECT_EQ(stored().outcome, Outcome::kNone);
}

}  // namespace
}  // namespace tributary::conflict
