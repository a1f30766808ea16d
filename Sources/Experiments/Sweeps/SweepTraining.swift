import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// The training of a sweep's runs, one after the other.
struct SweepTraining {
    private let runs: NewRuns
    /// The data that were read last, for runs with equal samples, and the seed that they depend on.
    private var read: (seed: Int?, data: RunData)?

    /// Why runs came to no result, by their folders.
    private(set) var failures: [String: String] = [:]

    init(_ runs: NewRuns) { self.runs = runs }

    /// Throws if a run cannot begin: better now than after days of training. The seed does not
    /// matter to this.
    mutating func check(_ members: [Sweep.Member]) throws {
        var known: Set<GridPoint> = []
        for member in members where known.insert(member.point.without(SweptOption.seed)).inserted {
            _ = try runs.experiment(member.recipe, on: data(for: member.recipe))
        }
    }

    /// Trains all runs that are not finished; those that were begun are resumed. One that diverges
    /// is a result as well, unless all do.
    mutating func train(_ sweep: Sweep, _ work: LongWork) throws {
        let finished = try sweep.members.filter { member in
            guard sweep.isFinished(member) else { return false }
            try sweep.check(TrainingRun.open(at: sweep.path(of: member)), is: member)
            return true
        }
        let names = Set(finished.map(\.folder))
        if let first = finished.first, finished.count < sweep.members.count {
            let count = "\(finished.count) of \(sweep.members.count)"
            work.note("\(count) runs are finished")
            // The others shall be comparable with these.
            _ = try TrainingRun.open(at: sweep.path(of: first)).samples(named(runs.data))
        }
        var notes: Set<String> = []
        for (index, member) in sweep.members.enumerated() where !names.contains(member.folder) {
            let title =
                "run \(index + 1) of \(sweep.members.count): \(member.point.title)"
            work.begin(run: title)
            try work.monitor.checkCancellation()
            let (run, experiment) = try begin(member, of: sweep)
            for note in experiment.configuration.dataNotes ?? []
            where notes.insert(note).inserted {
                work.note("\(experiment.dataset.name): \(note)")
            }
            do {
                _ = try experiment.train(in: run, work.monitor)
            } catch let error where error.isDivergence {
                failures[member.folder] = "\(error)"
                guard failures.count < sweep.members.count else { throw error }
                work.complain("\(title): \(error)")
            }
        }
    }

    private mutating func begin(
        _ member: Sweep.Member, of sweep: Sweep
    ) throws -> (TrainingRun, Experiment) {
        let path = sweep.path(of: member)
        if TrainingRun.hasState(at: path) {
            let run = try TrainingRun.resume(at: path)
            try sweep.check(run, is: member)
            let dataset = try run.samples(named(runs.data))
            return (run, try Experiment(run.configuration, on: dataset))
        }
        let data = try data(for: member.recipe)
        let experiment = try runs.experiment(member.recipe, on: data)
        return (try runs.create(experiment, on: data, at: path), experiment)
    }

    private mutating func data(for recipe: some Recipe) throws -> RunData {
        let seed = runs.dependOnSeed ? recipe.training.seed : nil
        if let read, read.seed == seed { return read.data }
        // Not kept while others are read.
        read = nil
        let data = try runs.read(for: recipe)
        read = (seed, data)
        return data
    }

    /// The data without a selection, which stands for that of the run.
    private func named(_ data: DataSelection) -> DataSelection {
        DataSelection(data.name, directory: data.directory)
    }
}

extension Error {
    /// Whether the numbers of a model grew beyond all bounds, as with a learning rate that is too
    /// great.
    fileprivate var isDivergence: Bool {
        if self is SampleWithoutLoss { return true }
        return (self as? TrainingError)?.isDivergence ?? false
    }
}
