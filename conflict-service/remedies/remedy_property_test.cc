// Answers in any order, doubled and late: the same end. And the saga itself: whatever is refused wherever, either all
// steps are applied or none is in effect.

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "conflict-service/remedies/remedy.h"

namespace tributary::conflict {
namespace {

constexpr int kWorlds = 3000;

Remedy WaitingFor(int steps) {
  Remedy remedy{.case_id = "f", .number = 1, .steps = std::vector<RemedyStep>(steps)};
  Derive(&remedy);
  return remedy;
}

std::string Whole(const Remedy& remedy) {
  std::string text(NameOf(remedy.state));
  for (const RemedyStep& step : remedy.steps) {
    StrAppend(&text, " ", NameOf(step.state), "(", step.result, "|", step.compensation, "|", step.note, ")");
  }
  return text;
}

RemedyAnswer RandomAnswer(std::mt19937& random, int steps) {
  const int order = 1 + static_cast<int>(random() % steps);
  const auto reply = static_cast<RemedyReply>(1 + random() % 3);
  return {.order = order,
          .reply = reply,
          .result = reply == RemedyReply::kRefused ? "" : StrCat(order, "-", static_cast<int>(reply)),
          .note = reply == RemedyReply::kRefused ? "no" : ""};
}

Remedy Told(Remedy remedy, const std::vector<RemedyAnswer>& answers) {
  for (const RemedyAnswer& answer : answers) remedy = Take(remedy, answer, absl::UnixEpoch()).value_or(remedy);
  return remedy;
}

TEST(RemedyPropertyTest, ItsEndIsAFunctionOfTheSetOfAnswers) {
  std::mt19937 random(20261129);
  for (int world = 0; world < kWorlds; ++world) {
    const int steps = 1 + static_cast<int>(random() % 5);
    std::vector<RemedyAnswer> answers;
    for (int i = static_cast<int>(random() % 9); i > 0; --i) answers.push_back(RandomAnswer(random, steps));
    const std::string end = Whole(Told(WaitingFor(steps), answers));
    for (int again = 0; again < 4; ++again) {
      if (!answers.empty()) answers.push_back(answers[random() % answers.size()]);
      std::shuffle(answers.begin(), answers.end(), random);
      ASSERT_EQ(Whole(Told(WaitingFor(steps), answers)), end) << "world " << world;
    }
  }
}

// Those who carry orders out answer what is asked of them, late and more than once.
TEST(RemedyPropertyTest, AllOrNothing) {
  std::mt19937 random(1);
  int all = 0, nothing = 0;
  for (int world = 0; world < kWorlds; ++world) {
    const int steps = 1 + static_cast<int>(random() % 6);
    Remedy remedy = WaitingFor(steps);
    std::vector<bool> in_effect(steps);
    std::vector<RemedyAnswer> said;
    std::optional<int> last_taken_back;
    while (remedy.state == RemedyState::kRunning) {
      int asked = 0;
      for (int i = 0; i < steps; ++i) {
        const StepState state = remedy.steps[i].state;
        if (state != StepState::kOrdered && state != StepState::kCompensating) continue;
        ++asked;
        RemedyAnswer answer{.order = i + 1, .reply = RemedyReply::kCompensated};
        if (state == StepState::kOrdered) {
          ASSERT_TRUE(std::all_of(in_effect.begin(), in_effect.begin() + i, [](bool effect) { return effect; }));
          answer.reply = random() % 5 == 0 ? RemedyReply::kRefused : RemedyReply::kApplied;
          in_effect[i] = answer.reply == RemedyReply::kApplied;
        } else {
          ASSERT_TRUE(in_effect[i]);
          ASSERT_LT(i, last_taken_back.value_or(steps)) << "the last one first";
          last_taken_back = i;
          in_effect[i] = false;
        }
        said.push_back(answer);
      }
      ASSERT_EQ(asked, 1) << Whole(remedy);
      remedy = Told(remedy, {said.back(), said[random() % said.size()]});
    }
    const auto effects = std::count(in_effect.begin(), in_effect.end(), true);
    ASSERT_EQ(effects, remedy.state == RemedyState::kApplied ? steps : 0) << Whole(remedy);
    ++(remedy.state == RemedyState::kApplied ? all : nothing);
  }
  EXPECT_GT(all, kWorlds / 10);
  EXPECT_GT(nothing, kWorlds / 10);
}

}  // namespace
}  // namespace tributary::conflict
