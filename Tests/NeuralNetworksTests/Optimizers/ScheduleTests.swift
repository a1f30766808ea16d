import Models
import TestSupport
import Testing

@Suite struct ScheduleTests {
    private func factors(_ schedule: Schedule, _ steps: [Int]) -> [Double] {
        steps.map { schedule.factor(at: $0) }
    }

    private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-15 }
    }

    @Test func constant() {
        #expect(factors(.constant, [0, 1, 1_000_000]) == [1, 1, 1])
    }

    @Test func stepFallsAtItsKnots() {
        let schedule = Schedule.step(every: 10, factor: 0.5)
        #expect(factors(schedule, [0, 9, 10, 19, 20, 30]) == [1, 1, 0.5, 0.5, 0.25, 0.125])
    }

    @Test func exponentialFallsEvenly() {
        let schedule = Schedule.exponential(factor: 0.25, every: 10)
        #expect(isClose(factors(schedule, [0, 5, 10, 20]), [1, 0.5, 0.25, 0.0625]))
        #expect(isClose(factors(.exponential(factor: 0.9), [1, 2]), [0.9, 0.81]))
    }

    @Test func cosineFallsInHalfAWave() {
        // (1 + cos 60°) / 2 = 3/4 after a third of the way.
        #expect(
            isClose(factors(.cosine(steps: 12), [0, 4, 6, 8, 12, 99]), [1, 0.75, 0.5, 0.25, 0, 0]))
        #expect(isClose(factors(.cosine(steps: 2, to: 0.2), [0, 1, 2, 3]), [1, 0.6, 0.2, 0.2]))
    }

    @Test func warmUpRisesAndHandsOver() {
        let schedule = Schedule.warmUp(steps: 4, then: .cosine(steps: 2))
        #expect(
            isClose(
                factors(schedule, [0, 1, 2, 3, 4, 5, 6, 7]), [0.2, 0.4, 0.6, 0.8, 1, 0.5, 0, 0]))
        #expect(factors(.warmUp(steps: 0), [0, 1]) == [1, 1])
    }

    @Test func composition() {
        let halves = Schedule { 1 / Double($0 + 1) }
        #expect(
            factors(halves.until(2, then: .step(every: 1, factor: 0.5)), [0, 1, 2, 3]) == [
                1, 0.5, 1, 0.5,
            ])
        #expect(factors(halves * halves, [0, 1, 3]) == [1, 0.25, 0.0625])
    }

    @Test func scheduleOfNoStepsTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Schedule.cosine(steps: 0) }
        #expect(message(of: result).contains("Schedule: cosine(steps: 0) needs a step or more"))
    }
}
