import Datasets
import FileSupport
import Models

/// Training a sweep.
extension TrainCommand {
    static func beginSweep(
        _ standard: some Recipe, _ grid: Grid, _ arguments: Arguments
    ) throws -> (Sweep, SweepTraining) {
        // Of all combinations, so that none is refused when others are trained.
        let recipes = try grid.points.map {
            try standard.choosing(given: grid.single.merging($0.texts) { _, swept in swept })
        }
        let recipe = recipes[0]
        let runs = try NewRuns(arguments, for: type(of: recipe))
        if runs.keptEvery != nil {
            throw UsageError("--keep-every: only for a single run, not for a sweep")
        }
        var training = SweepTraining(runs)
        try training.check(Sweep.members(of: recipe, grid))
        let path = arguments.string(.output) ?? newFolder(for: "\(recipe.name)-sweep")
        try runs.refuse(writing: [Sweep.table, Sweep.report].map { "\(path)/\($0)" })
        let sweep = try Sweep.create(
            at: path, recipe, grid, data: runs.data, start: runs.start)
        return (sweep, training)
    }

    static func resumeSweep(
        _ standard: some Recipe, _ grid: Grid, at path: String, _ arguments: Arguments
    ) throws -> (Sweep, SweepTraining) {
        let sweep = try Sweep.resume(at: path)
        let work = ResumedWork(
            title: "the sweep in \(path)", recipe: sweep.configuration.recipe,
            data: sweep.configuration.data)
        var data = sweep.configuration.data
        data.directory = try work.data(arguments, for: type(of: standard)).directory
        let begun = sweep.recipe
        let recipe = try begun.choosing(given: grid.single)
        for option in grid.swept where !sweep.grid.swept.contains(option) {
            let value = begun.options.first { $0.name == option.name }?.text ?? ""
            let swept = sweep.grid.swept.first { $0.name == option.name }
            throw work.refusal(
                "--\(option.name) \(sweep.text(of: option).shortened)",
                (swept.map(sweep.text) ?? value).shortened)
        }
        for option in sweep.grid.swept {
            guard let single = grid.single[option.name] else { continue }
            throw work.refusal(
                "--\(option.name) \(single.shortened)", sweep.text(of: option).shortened)
        }
        try work.check(recipe.options, begun.options)
        return (sweep, SweepTraining(NewRuns(data: data, start: sweep.configuration.start)))
    }

    static func train(
        _ begun: (sweep: Sweep, training: SweepTraining), _ recipe: some Recipe,
        _ arguments: Arguments
    ) throws {
        let sweep = begun.sweep
        var training = begun.training
        let work = work(recipe, in: sweep.path, arguments)
        defer { work.end() }
        try training.train(sweep, work)
        try work.conclude()
        let result = try SweepResult(of: sweep, failures: training.failures)
        try SweepReport(result, of: sweep).write()
        work.end()
        if arguments.has(.json) {
            try StandardStreams.write(json: result)
        } else {
            try StandardStreams.write(result.text)
        }
    }
}
