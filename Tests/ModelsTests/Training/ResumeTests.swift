import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Synchronization
import TestSupport
import Testing

@testable import Models

/// A run that was interrupted, in whichever way and place, goes on to the same last bit.
@Suite struct ResumeTests {
    private let folder = TemporaryFolder()

    /// 3 epochs of 4 batches, the last one short, with all that has a state.
    private static func plan(interval: Double = .greatestFiniteMagnitude, epochs: Int = 3)
        -> TrainingPlan
    {
        TrainingPlan(
            epochs: epochs, batchSize: 14, seed: 9,
            earlyStopping: EarlyStopping(patience: 3), averageDecay: 0.9,
            checkpointInterval: interval)
    }

    private static let training = Examples(bars())
    private static let heldOut = Examples(bars(20, seed: 4))

    /// The run that was never interrupted.
    private static let whole: (checkpoint: [UInt8], trainer: TestTrainer) = {
        let folder = TemporaryFolder()
        var trainer = makeTrainer(plan: plan())
        try! trainer.train(on: training, heldOut: heldOut)
        try! trainer.model.save(to: folder.file("model"))
        return (try! read(folder.file("model")), trainer)
    }()

    private func expectSameAsWhole(_ trainer: TestTrainer) throws {
        try trainer.model.save(to: folder.file("model"))
        #expect(try read(folder.file("model")) == Self.whole.checkpoint)
        #expect(trainer.history.withoutTimes == Self.whole.trainer.history.withoutTimes)
        #expect(trainer.isFinished)
    }

    /// Resumes the run in the folder with a trainer of other initial weights, and ends it.
    private func finish(_ path: String) throws -> TestTrainer {
        let run = try TrainingRun.resume(at: path)
        var trainer = makeTrainer(plan: Self.plan(), modelSeed: run.hasCheckpoint ? 77 : 1)
        try trainer.resume(run)
        #expect(try run.history() == trainer.history)
        #expect(
            try trainer.train(on: Self.training, heldOut: Self.heldOut, in: run) == .completed)
        return trainer
    }

    @Test func cancelledBeforeAnyBatchAndResumed() throws {
        // 12 batches to train on and 2 to evaluate in each of 3 epochs.
        for number in 0..<3 * (4 + 2) {
            let path = folder.file("run \(number)")
            var asked = 0
            do {
                var trainer = makeTrainer(plan: Self.plan())
                let run = try TrainingRun.create(at: path, configuration)
                let monitor = ProgressMonitor {
                    asked += 1
                    return asked > number
                }
                #expect(throws: CancellationError.self) {
                    try trainer.train(
                        on: Self.training, heldOut: Self.heldOut, in: run, monitor: monitor)
                }
            }
            try expectSameAsWhole(finish(path))
        }
    }

    @Test func cancelledAndResumedAgainAndAgain() throws {
        let path = folder.file("run")
        do { _ = try TrainingRun.create(at: path, configuration) }
        for _ in 0..<3 * (4 + 2) {
            let run = try TrainingRun.resume(at: path)
            var trainer = makeTrainer(plan: Self.plan(), modelSeed: run.hasCheckpoint ? 5 : 1)
            try trainer.resume(run)
            var steps = 0
            let monitor = ProgressMonitor {
                steps += 1
                return steps > 5
            }
            _ = try? trainer.train(
                on: Self.training, heldOut: Self.heldOut, in: run, monitor: monitor)
        }
        try expectSameAsWhole(finish(path))
    }

    @Test func aTrainerGoesOnWithoutACheckpoint() throws {
        var trainer = makeTrainer(plan: Self.plan())
        for _ in 0..<30 where !trainer.isFinished {
            var asked = 0
            let monitor = ProgressMonitor {
                asked += 1
                return asked > 5
            }
            _ = try? trainer.train(on: Self.training, heldOut: Self.heldOut, monitor: monitor)
        }
        try expectSameAsWhole(trainer)
    }

    @Test func moreEpochsContinueAFinishedRun() throws {
        let path = folder.file("checkpoint")
        var trainer = makeTrainer(plan: Self.plan(epochs: 1))
        try trainer.train(on: Self.training, heldOut: Self.heldOut)
        #expect(trainer.isFinished)
        try trainer.save(to: path)
        var longer = makeTrainer(plan: Self.plan(), modelSeed: 8)
        try longer.resume(from: path)
        try longer.train(on: Self.training, heldOut: Self.heldOut)
        try expectSameAsWhole(longer)
    }

    /// The same for 1 and 2 threads, with tensors large enough to be shared out, also where the
    /// number changes in the middle of the run.
    @Test func threadsDoNotMatter() throws {
        let pixels = bars(300 * 784 / 12).reshaped([300, 784])
        let threads = Threads.count
        defer { Threads.count = threads }
        func train(_ count: Int, then other: Int) throws -> TestTrainer {
            var trainer = makeTrainer(inputs: 784, plan: TrainingPlan(epochs: 2))
            Threads.count = count
            var asked = 0
            let monitor = ProgressMonitor {
                asked += 1
                return asked > 4
            }
            #expect(throws: CancellationError.self) {
                try trainer.train(on: Examples(pixels), monitor: monitor)
            }
            Threads.count = other
            try trainer.train(on: Examples(pixels))
            return trainer
        }
        let (one, two, changed) = (
            try train(1, then: 1), try train(2, then: 2), try train(2, then: 1)
        )
        #expect(isIdentical(one.model, two.model))
        #expect(isIdentical(one.model, changed.model))
        #expect(one.history.withoutTimes == two.history.withoutTimes)
    }

    // MARK: Signals

    /// Trains in a process of its own and calls `body` after each batch, numbered from 1.
    private static func trainInChild(
        _ path: String, interval: Double, isCancelled: @escaping () -> Bool = { false },
        afterBatch body: @escaping (Int) -> Void
    ) throws {
        var trainer = makeTrainer(plan: plan(interval: interval))
        let run = try TrainingRun.create(at: path, configuration)
        var batches = 0
        let monitor = ProgressMonitor(isCancelled: isCancelled) { event in
            guard case .batch = event else { return }
            batches += 1
            body(batches)
        }
        try trainer.train(on: training, heldOut: heldOut, in: run, monitor: monitor)
    }

    @Test(arguments: [1, 3, 4, 5, 8, 11], [0, Double.greatestFiniteMagnitude])
    func killedAndResumed(afterBatch number: Int, checkpointInterval: Double) async throws {
        let path = folder.file("run")
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [
                path = path as String, number = number as Int,
                checkpointInterval = checkpointInterval as Double
            ] in
            _ = try Self.trainInChild(path, interval: checkpointInterval) {
                if $0 == number { kill(getpid(), SIGKILL) }
            }
        }
        try expectSameAsWhole(finish(path))
    }

    /// Killed by another thread at whatever moment, mostly while a checkpoint is written.
    @Test func killedAtAnyMomentAndResumed() async throws {
        for milliseconds in [5, 15, 25, 35, 45] {
            let path = folder.file("run \(milliseconds)")
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, milliseconds = milliseconds as Int] in
                let killer = Thread {
                    usleep(UInt32(milliseconds) * 1000)
                    kill(getpid(), SIGKILL)
                }
                _ = try Self.trainInChild(path, interval: 0) { number in
                    if number == 1 { killer.start() }
                    usleep(5000)
                }
                sleep(10)
            }
            try expectSameAsWhole(finish(path))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: path).sorted()
                    == ["checkpoint.safetensors", "config.json", "metrics.jsonl"])
        }
    }

    private static let isInterrupted = Atomic<Bool>(false)

    @Test(arguments: [2, 4, 7])
    func interruptedAndResumed(afterBatch number: Int) async throws {
        let path = folder.file("run")
        await #expect(processExitsWith: .exitCode(130)) {
            [path = path as String, number = number as Int] in
            signal(SIGINT) { _ in
                ResumeTests.isInterrupted.store(true, ordering: .relaxed)
            }
            do {
                try Self.trainInChild(
                    path, interval: .greatestFiniteMagnitude,
                    isCancelled: { Self.isInterrupted.load(ordering: .relaxed) },
                    afterBatch: {
                        guard $0 == number else { return }
                        // The signal arrives on another thread, some time.
                        kill(getpid(), SIGINT)
                        while !Self.isInterrupted.load(ordering: .relaxed) { usleep(100) }
                    })
            } catch is CancellationError {
                exit(130)
            }
            exit(1)
        }
        let run = try TrainingRun.open(at: path)
        #expect(run.hasCheckpoint)
        try expectSameAsWhole(finish(path))
    }

    // MARK: What does not fit

    @Test func aCheckpointOfAnotherModelOrPlanIsRefused() throws {
        let path = folder.file("checkpoint")
        var trainer = makeTrainer(plan: Self.plan())
        try trainer.train(on: Self.training, heldOut: Self.heldOut)
        try trainer.save(to: path)

        var wider = makeTrainer(inputs: 13, plan: Self.plan())
        let error = #expect(throws: FileError.self) { try wider.resume(from: path) }
        #expect(error?.expected.contains("model.") == true)

        var plain = makeTrainer(plan: TrainingPlan(epochs: 3, batchSize: 14))
        let extra = #expect(throws: FileError.self) { try plain.resume(from: path) }
        #expect(extra?.found.contains("average.") == true)

        var larger = makeTrainer(
            plan: TrainingPlan(
                epochs: 9, batchSize: 15, earlyStopping: .init(patience: 3), averageDecay: 0.9))
        try larger.resume(from: path)
        #expect(
            throws: TrainingError.otherData(
                samples: 50, batchSize: 15, expectedSamples: 50, expectedBatchSize: 14)
        ) { try larger.train(on: Self.training, heldOut: Self.heldOut) }
    }

    @Test func aDamagedCheckpointIsRefusedAndTheTrainerUnchanged() throws {
        let path = folder.file("checkpoint")
        var trainer = makeTrainer(plan: Self.plan())
        try trainer.train(on: Self.training, heldOut: Self.heldOut)
        try trainer.save(to: path)
        let bytes = try read(path)
        var other = makeTrainer(plan: Self.plan(), modelSeed: 2)
        let before = other.model
        for bit in stride(from: 0, to: 8 * bytes.count, by: 997) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            try write(damaged, to: path)
            #expect(throws: FileError.self, "bit \(bit)") { try other.resume(from: path) }
        }
        #expect(isIdentical(other.model, before))
        #expect(other.history.isEmpty)
    }

    /// As on a full disk: the run stops with an error, and goes on from what was saved before.
    @Test func aFullDiskKeepsTheLastCheckpoint() async throws {
        let path = folder.file("run")
        await #expect(processExitsWith: .success) { [path = path as String] in
            let error = #expect(throws: FileError.self) {
                _ = try Self.trainInChild(path, interval: 0) { if $0 == 6 { fillTheDisk() } }
            }
            #expect(error?.path == path + "/checkpoint.safetensors")
        }
        try expectSameAsWhole(finish(path))
    }

    /// No clock is in a checkpoint: it is the same for the same seed. The times of the epochs are
    /// in the metrics, and come back from there.
    @Test func twoRunsOfOneSeedWriteTheSameCheckpoint() throws {
        let paths = [folder.file("first"), folder.file("second")]
        var seconds: [[Double]] = []
        for path in paths {
            var trainer = makeTrainer(plan: Self.plan())
            let run = try TrainingRun.create(at: path, configuration)
            try trainer.train(on: Self.training, heldOut: Self.heldOut, in: run)
            seconds.append(trainer.history.map(\.seconds))
            #expect(try run.history().map(\.seconds) == seconds.last)
        }
        #expect(
            try read(paths[0] + "/checkpoint.safetensors")
                == read(paths[1] + "/checkpoint.safetensors"))
        #expect(seconds[0].allSatisfy { $0 > 0 })

        var resumed = makeTrainer(plan: Self.plan())
        let run = try TrainingRun.resume(at: paths[0])
        try resumed.resume(run)
        #expect(resumed.history.map(\.seconds) == seconds[0])
        // Without the metrics it goes on all the same.
        try write(Array("damage".utf8), to: run.metricsPath)
        var again = makeTrainer(plan: Self.plan())
        try again.resume(run)
        #expect(again.history.map(\.seconds) == [0, 0, 0])
        #expect(try run.history() == again.history)
    }

    /// A checkpoint with a right checksum and numbers that no run comes to.
    @Test(arguments: [
        ("\"batch\":0", "\"batch\":9223372036854775807"), ("\"batch\":0", "\"batch\":-1"),
        ("\"epoch\":3,\"gen", "\"epoch\":-3,\"gen"), ("\"step\":12}", "\"step\":-12}"),
        ("\"batchSize\":14", "\"batchSize\":0"), ("\"sums\":[]", "\"sums\":[1]"),
        ("\"counts\":[]", "\"counts\":[1]"),
    ])
    func anImpossibleStateIsRefused(_ old: String, _ new: String) throws {
        let path = folder.file("checkpoint")
        var trainer = makeTrainer(plan: Self.plan())
        try trainer.train(on: Self.training, heldOut: Self.heldOut)
        try trainer.save(to: path)
        var file = try Safetensors(contentsOf: path)
        let state = try #require(file.metadata["tapestry.training"])
        #expect(state.contains(old), "\(state)")
        file.metadata["tapestry.training"] = state.replacing(old, with: new, maxReplacements: 1)
        try file.write(to: path)
        let error = #expect(throws: FileError.self) { try trainer.resume(from: path) }
        #expect(error?.expected == "the state of a training run in the metadata")
    }
}
