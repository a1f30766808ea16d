import Datasets
import FileSupport
import Models

// Which options of data fit together, and which recipe.
extension DataSelection {
    /// Whether its name is a file rather than a known data set.
    var isFile: Bool { !Dataset.names.contains(name) }

    /// Whether its name is that of a run, whose symbols are the samples.
    var isRun: Bool { isFile && TrainingRun.exists(at: name) }

    /// Whether its name is that of another folder.
    var isImageFolder: Bool { isFile && Dataset.isFolder(name) && !isRun }

    /// Throws if options do not fit a recipe.
    func require(fitting recipe: any Recipe.Type) throws(UsageError) {
        if images != nil, !isImageFolder {
            throw UsageError(
                "--\((imageOption ?? .damagedImages).name): only for a folder of images, "
                    + "and \(name) is none")
        }
        if condition != nil, !isTold(recipe) {
            throw UsageError(
                "--\(CommandOption.condition.name): the recipe \(recipe.name) is told nothing; "
                    + Recipes.all.filter(isTold).map { $0.name }.joined(separator: " or ")
                    + " is")
        }
        if masks != nil, !recipe.learnsMasks {
            throw UsageError(
                "--\(CommandOption.masks.name): the recipe \(recipe.name) learns no masks; "
                    + Recipes.all.filter { $0.learnsMasks }.map { $0.name }
                    .joined(separator: " or ") + " does")
        }
    }

    /// Throws if options do not fit a recipe that is to learn from a table.
    func require(fittingTablesOf recipe: any Recipe.Type) throws(UsageError) {
        if labels != nil {
            throw UsageError(
                "--\(CommandOption.labels.name): the recipe \(recipe.name) takes labels from a "
                    + "column of the table, see --\(CommandOption.label.name)")
        }
        if labelsKept != nil {
            throw UsageError(
                "--\(CommandOption.labelsKept.name): the recipe \(recipe.name) does not learn from "
                    + "labels")
        }
        if let option = given([.turning, .binarization, .dequantization]) {
            throw UsageError(
                "--\(option.name): only for grey values, and the recipe "
                    + "\(recipe.name) learns the rows of a table")
        }
    }

    /// Throws if options do not fit samples that are not the rows of a table, or where they come from.
    func requireFittingSamples() throws(UsageError) {
        if let option = given([.schema, .hiddenShare]) {
            throw UsageError(
                "--\(option.name): only the recipe "
                    + Recipes.all.filter { $0.readsTables }.map { $0.name }
                    .joined(separator: " or ") + " reads tables, from .csv or .tsv files")
        }
        if isImageFolder, label != nil || labels != nil {
            throw UsageError(
                "--\(CommandOption.label.name): the labels of a folder of images are the names of its "
                    + "subfolders")
        }
        if !isFile, testShare != nil {
            throw UsageError(
                "--\(CommandOption.testShare.name): \(name) is already split into training and test "
                    + "samples")
        }
        if !isFile, let option = given([.label, .labels]) {
            throw UsageError(
                "--\(option.name): only for data from a file, and \(name) is not a file")
        }
        if masks != nil, turning != nil {
            throw UsageError(
                "--\(CommandOption.turning.name): only for images without "
                    + "--\(CommandOption.masks.name), which would not turn with them")
        }
    }

    private var imageOption: CommandOption? { given(CommandOption.ofImageFolders) }

    /// The first of some options that is given.
    private func given(_ options: [CommandOption]) -> CommandOption? {
        asOptions.map(\.option).first(where: options.contains)
    }
}

/// Whether the models of a recipe are told something of samples.
private func isTold(_ recipe: any Recipe.Type) -> Bool {
    recipe is any ConditionalRecipe.Type || recipe is any NumberRecipe.Type
}
