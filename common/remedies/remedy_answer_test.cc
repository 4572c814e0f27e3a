#include "common/remedies/remedy_answer.h"

#include "gtest/gtest.h"

namespace tributary::remedies {
namespace {

using conflict::v1::RemedyAnswer;

TEST(RemedyAnswerTest, SaysWhichStepOfWhichRemedy) {
  conflict::v1::Remedy remedy;
  remedy.set_name("cases/c/remedies/2");
  remedy.set_uid("0190163d-8694-739b-aea5-966c26f8ad91");
  remedy.add_steps()->set_order(1);
  remedy.add_steps()->set_order(2);
  const events::EventDraft draft =
      Answered(KeyOf(remedy, remedy.steps(1)), RemedyAnswer::REFUSED, "partners/p/adjustments/a", "Not by these facts");
  EXPECT_EQ(draft.key, "cases/c/remedies/2");
  EXPECT_EQ(draft.verb, "answered");
  EXPECT_EQ(draft.name, "cases/c/remedies/2");
  EXPECT_EQ(draft.type, "tributary.conflict.v1.RemedyAnswer");
  RemedyAnswer answer;
  ASSERT_TRUE(answer.ParseFromString(draft.payload));
  EXPECT_EQ(answer.remedy(), "cases/c/remedies/2");
  EXPECT_EQ(answer.remedy_uid(), remedy.uid());
  EXPECT_EQ(answer.order(), 2);
  EXPECT_EQ(answer.answer(), RemedyAnswer::REFUSED);
  EXPECT_EQ(answer.result(), "partners/p/adjustments/a");
  EXPECT_EQ(answer.note(), "Not by these facts");
}

}  // namespace
}  // namespace tributary::remedies
